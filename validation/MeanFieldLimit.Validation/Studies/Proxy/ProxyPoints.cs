namespace MeanFieldLimit.Validation.Studies.Proxy;

/// <summary>
/// The points at which laws of predictions are compared: test points, which the predictions of a scaling have after
/// the training points, or these where there are none.
/// </summary>
internal sealed class ProxyPoints
{
    private readonly int start;

    internal ProxyPoints(Model model)
    {
        var data = model.Data.Test ?? model.Data.Train;
        (Outputs, start) = (data.Outputs, model.Data.Test is null ? 0 : model.Data.Train.Count * data.Outputs);
        Weights = [.. data.Masses.ToArray().SelectMany(mass => Enumerable.Repeat(mass / data.Outputs, data.Outputs))];
        Name = model.Data.Test is null ? "training points" : "test points";
    }

    internal int Outputs { get; }

    /// <summary>What points are called.</summary>
    internal string Name { get; }

    /// <summary>The weight in means over points and outputs, of each prediction.</summary>
    internal double[] Weights { get; }

    /// <summary>Of values [point, K] at all points those there.</summary>
    internal double[] Of(double[] values) => values[start..(start + Weights.Length)];
}
