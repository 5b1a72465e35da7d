namespace MeanFieldLimit.Ensembles;

/// <summary>Factors of a layer in a scaling other than the mean-field one, where all are 1.</summary>
/// <param name="Weights">Of the initial weights.</param>
/// <param name="WeightRate">Of the learning rate of weights.</param>
/// <param name="BiasRate">Of that of biases.</param>
public readonly record struct LayerScale(double Weights, double WeightRate, double BiasRate);
