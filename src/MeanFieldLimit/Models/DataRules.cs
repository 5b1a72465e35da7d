using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>Rules of a problem that take its data to check.</summary>
internal static class DataRules
{
    /// <summary>Refuses data that the network or the loss cannot take.</summary>
    /// <exception cref="ProblemException">It cannot.</exception>
    internal static void Check(LoadedProblem loaded, ExperimentData data)
    {
        var loss = Catalogue.Find<ILoss>(loaded.Problem.Training.Loss);
        if (loaded.Problem.Network.Image is { } image
            && (long)image.Channels * image.Extent.Positions != data.Train.Inputs)
            throw loaded.Error("$.network.image", "channels x rows x columns must be the number of inputs of the " +
                $"data, got {image.Channels} x {image.Rows} x {image.Columns} for {data.Train.Inputs}; " +
                "give the shape of the images");
        var network = loaded.Problem.Network;
        if (network.Layers[^1].Filter is { } filter
            && ImageKeys.Geometry(network)[^1].Taps * data.Train.Outputs is var count && filter.Count != count)
            throw loaded.Error($"$.network.layers[{network.Layers.Count - 1}].filter", $"filter must have {count} " +
                $"numbers, one a position below and output, got {filter.Count}; complete or shorten it");
        if (network.Layers[0].Constraint != WeightConstraint.None
            && (network.Image?.Channels ?? data.Train.Inputs) * ImageKeys.Geometry(network)[0].Taps == 1)
            throw loaded.Error("$.network.layers[0].constraint", "weights on the sphere must have at least two " +
                "coordinates, got one, whose sphere is the two points -1 and 1; add an input that is 1, for a bias, " +
                "or remove the constraint");
        foreach (var points in data.Test is { } test ? [data.Train, test] : new[] { data.Train })
        {
            foreach (var (what, values) in new[] { ("an input", points.X), ("a label", points.Y) })
                if (Array.FindIndex(values, v => !double.IsFinite(v)) is var bad and >= 0)
                    throw loaded.Error("$.data", $"inputs and labels must be finite, got {what} of {values[bad]}; " +
                        "use less noise, or a target that grows less");
            for (var n = 0; n < points.Count; n++)
                if (LabelCheck.Refuse(loss, loaded.Problem.Data, points.Label(n)) is { } rule)
                    throw loaded.Error("$.training.loss", rule);
        }
    }
}
