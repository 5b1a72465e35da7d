using System.Numerics.Tensors;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Validation.Chaos;

/// <summary>
/// sup_t |W_t^k - V_t^k|^2 of particles k of two two-layer ensembles, W^k = (w_1(., k), w_2(k, .)), and the same of
/// groups of particles, whose squares add up before the supremum, over the states that it is shown.
/// </summary>
/// <param name="a">An ensemble.</param>
/// <param name="firstOfA">Its first particle that is compared.</param>
/// <param name="b">Another one.</param>
/// <param name="firstOfB">Its first particle that is compared.</param>
/// <param name="count">Particles compared.</param>
/// <param name="group">Particles of a group; those left over are in none.</param>
internal sealed class SupremumGap(Ensemble a, int firstOfA, Ensemble b, int firstOfB, int count, int group)
{
    private readonly double[] squares = new double[count];
    private readonly double[] difference = new double[count];
    private readonly double[] largest = new double[count];
    private readonly double[] largestOfGroups = new double[count / group];

    /// <summary>The mean over particles.</summary>
    internal double OfOne => largest.Average();

    /// <summary>The mean over groups.</summary>
    internal double OfGroup => largestOfGroups.Average();

    /// <summary>Shows it both states at one time.</summary>
    internal void See(ReadOnlySpan<double> state, ReadOnlySpan<double> other)
    {
        Array.Clear(squares);
        ReadOnlyMatrixView w = a.Weights(state, 1), v = b.Weights(other, 1);
        for (var i = 0; i < w.Rows; i++)
        {
            TensorPrimitives.Subtract(w.Row(i).Slice(firstOfA, count), v.Row(i).Slice(firstOfB, count), difference);
            TensorPrimitives.MultiplyAdd(difference, difference, squares, squares);
        }
        ReadOnlyMatrixView outer = a.Weights(state, 2), otherOuter = b.Weights(other, 2);
        for (var k = 0; k < count; k++)
            squares[k] += Math.Pow(TensorPrimitives.Distance(outer.Row(firstOfA + k), otherOuter.Row(firstOfB + k)), 2);
        TensorPrimitives.Max(largest, squares, largest);
        for (var g = 0; g < largestOfGroups.Length; g++)
            largestOfGroups[g] = Math.Max(largestOfGroups[g],
                TensorPrimitives.Sum<double>(squares.AsSpan(g * group, group)));
    }
}
