using System.Runtime.CompilerServices;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Ensembles;

/// <summary>
/// A function of the inputs that is added to the outputs of an ensemble and does not move with it: f0, the fluctuation
/// that networks of a scaling start with, which a law of neurons has not. Known at the points of some data sets.
/// </summary>
internal sealed class Offset
{
    private readonly ConditionalWeakTable<Dataset, double[]> values = [], own = [];

    /// <summary>Its values [point, K] at the points of a data set.</summary>
    internal Offset At(Dataset data, double[] f0)
    {
        values.AddOrUpdate(data, f0);
        return this;
    }

    /// <summary>
    /// What nodes have of their own at the start, 0 of the law that they stand for, is taken off before it is added.
    /// </summary>
    internal void TakeOff(Dataset data, double[] ofNodes) => own.AddOrUpdate(data, ofNodes);

    /// <summary>Its values [point, K] there.</summary>
    /// <exception cref="InvalidOperationException">It is not known there.</exception>
    internal double[] On(Dataset data) => values.TryGetValue(data, out var f0) ? f0
        : throw new InvalidOperationException("the initial function is known at the points of the problem alone");

    /// <summary>Adds it to outputs [point, K] of points from <paramref name="start"/> on.</summary>
    internal void AddTo(Dataset data, int start, Span<double> outputs)
    {
        var part = start * data.Outputs;
        if (own.TryGetValue(data, out var ofNodes))
            TensorPrimitives.Subtract(outputs, ofNodes.AsSpan(part, outputs.Length), outputs);
        TensorPrimitives.Add(outputs, On(data).AsSpan(part, outputs.Length), outputs);
    }
}
