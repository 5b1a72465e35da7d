namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>
/// sup_t |W_t^k - V_t^k|^2 of particles k of two two-layer ensembles, W^k = (w_1(., k), w_2(k, .)), and the same of
/// groups of particles, whose squares add up before the supremum, over the states that it is shown.
/// </summary>
/// <param name="a">Of a limit with tracers these are compared, as in b.</param>
/// <param name="b">The other one.</param>
/// <param name="group">Particles of a group; those left over are in none.</param>
internal sealed class SupremumGap(Mover a, Mover b, int group) : IProbe
{
    private readonly double[] squares = new double[Count(a)], difference = new double[Count(a)],
        largest = new double[Count(a)], largestOfGroups = new double[Count(a) / group];

    /// <summary>The mean over particles.</summary>
    internal double OfOne => largest.Average();

    /// <summary>The mean over groups.</summary>
    internal double OfGroup => largestOfGroups.Average();

    public void Look(Run run) => See(a.State, b.State);

    /// <summary>Shows it both states at one time.</summary>
    internal void See(ReadOnlySpan<double> state, ReadOnlySpan<double> other)
    {
        Array.Clear(squares);
        var (firstOfA, firstOfB, count) = (First(a), First(b), squares.Length);
        ReadOnlyMatrixView w = a.Ensemble.Weights(state, 1), v = b.Ensemble.Weights(other, 1);
        for (var i = 0; i < w.Rows; i++)
        {
            TensorPrimitives.Subtract(w.Row(i).Slice(firstOfA, count), v.Row(i).Slice(firstOfB, count), difference);
            TensorPrimitives.MultiplyAdd(difference, difference, squares, squares);
        }
        ReadOnlyMatrixView outer = a.Ensemble.Weights(state, 2),
            otherOuter = b.Ensemble.Weights(other, 2);
        for (var k = 0; k < count; k++)
            squares[k] += Math.Pow(TensorPrimitives.Distance(outer.Row(firstOfA + k), otherOuter.Row(firstOfB + k)), 2);
        TensorPrimitives.Max(largest, squares, largest);
        for (var g = 0; g < largestOfGroups.Length; g++)
            largestOfGroups[g] = Math.Max(largestOfGroups[g],
                TensorPrimitives.Sum<double>(squares.AsSpan(g * group, group)));
    }

    public void Carry(Snapshot snapshot)
    {
        snapshot.Carry<double>(largest);
        snapshot.Carry<double>(largestOfGroups);
    }

    private static int Count(Mover of) => of.Ensemble.Size(1) - First(of);

    // Those of a network all have mass.
    private static int First(Mover of) => of.Ensemble.Massive(1) is var massive && massive < of.Ensemble.Size(1)
        ? massive : 0;
}
