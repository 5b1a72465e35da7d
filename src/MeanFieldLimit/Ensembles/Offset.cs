using System.Runtime.CompilerServices;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Ensembles;

/// <summary>
/// A function of the inputs that is added to the outputs of an ensemble and does not move with it: f0, the fluctuation
/// that networks of a scaling start with, which a law of neurons has not. Known at the points of some data sets.
/// </summary>
internal sealed class Offset
{
    private readonly ConditionalWeakTable<Dataset, double[]> values = [];

    /// <summary>
    /// Whether outputs begin at it, as where outgoing weights are centred and independent of the rest: what the sum
    /// over nodes makes of that mean of 0 is then subtracted. (Times a factor that grows with the width, up to 1e50,
    /// its rounding alone would drive the first step.)
    /// </summary>
    internal bool ReplacesInitial { get; init; }

    /// <summary>Its values [point, K] at the points of a data set.</summary>
    internal Offset At(Dataset data, double[] f0)
    {
        values.AddOrUpdate(data, f0);
        return this;
    }

    /// <summary>Its values [point, K] there.</summary>
    /// <exception cref="InvalidOperationException">It is not known there.</exception>
    internal double[] On(Dataset data) => values.TryGetValue(data, out var f0) ? f0
        : throw new InvalidOperationException("the initial function is known at the points of the problem alone");

    /// <summary>Adds it to outputs [point, K] of points from <paramref name="start"/> on.</summary>
    internal void AddTo(Dataset data, int start, Span<double> outputs) =>
        TensorPrimitives.Add(outputs, On(data).AsSpan(start * data.Outputs, outputs.Length), outputs);
}
