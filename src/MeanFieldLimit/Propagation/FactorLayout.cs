using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// Where the numbers of a velocity in factors are. W_i falls into blocks, massive neurons and tracers below by those
/// above. First come the blocks that are kept as they are, [c, c'], and the b_i; then S_{i-1} [point, c] and
/// -xi_i D_i [point, c'] of layers with a block that is S_{i-1}^T (-xi_i D_i).
/// </summary>
internal sealed class FactorLayout
{
    // Sums of factors take more operations than sums of blocks, the more the more points, and less traffic of memory. Of 16
    // points networks of 1,600 neurons took 0.6 of the time; the bounds are estimates from operations and traffic.
    private const int MostPoints = 64, LeastGain = 8;

    private readonly int points, depth;
    private readonly bool hasBiases;
    private readonly WeightBlock[][] blocks;
    private readonly int[] sizes, biases, factors;

    /// <summary>Of layers 0..L of such neurons, on so many points.</summary>
    internal FactorLayout(NeuronGroup[][] groups, bool hasBiases, int points)
    {
        (this.points, this.hasBiases, depth) = (points, hasBiases, groups.Length - 1);
        sizes = [.. groups.Select(group => group.Sum(g => g.Count))];
        (blocks, biases, factors) = (new WeightBlock[depth + 1][], new int[depth + 1], new int[depth + 1]);
        for (var i = 1; i <= depth; i++)
        {
            blocks[i] = [.. from below in groups[i - 1] from above in groups[i] select Place(below, above)];
            biases[i] = (int)Kept;
            Kept += hasBiases ? sizes[i] : 0;
        }
        Length = Kept;
        for (var i = 1; i <= depth; i++)
        {
            factors[i] = (int)Length;
            if (IsFactored(i)) Length += (long)points * (sizes[i - 1] + sizes[i]);
        }
    }

    // A block of massive neurons is in factors or not by their number alone: tracers must change none of its bits.
    private WeightBlock Place(NeuronGroup below, NeuronGroup above)
    {
        long numbers = (long)below.Count * above.Count, ofFactors = (long)points * (below.Count + above.Count);
        if (points <= MostPoints && numbers >= LeastGain * ofFactors) return new(below, above, null);
        var start = (int)Kept;
        Kept += numbers;
        return new(below, above, start);
    }

    /// <summary>How many numbers are kept as they are.</summary>
    internal long Kept { get; private set; }

    /// <summary>Numbers in all; where they exceed an array none can be made.</summary>
    internal long Length { get; }

    /// <summary>The blocks of W_i.</summary>
    internal ReadOnlySpan<WeightBlock> Blocks(int layer) => blocks[layer];

    /// <summary>Whether some block of W_i is in factors.</summary>
    internal bool IsFactored(int layer) => Array.Exists(blocks[layer], block => block.IsFactored);

    /// <summary>b_i, or its velocity.</summary>
    internal Span<double> Biases(Span<double> velocity, int layer) =>
        velocity.Slice(biases[layer], hasBiases ? sizes[layer] : 0);

    /// <summary>S_{i-1} [point, c] of all neurons.</summary>
    internal MatrixView Below(Span<double> velocity, int layer) =>
        new(velocity.Slice(factors[layer], points * sizes[layer - 1]), points, sizes[layer - 1]);

    /// <summary>-xi_i D_i [point, c'] of all neurons.</summary>
    internal MatrixView Above(Span<double> velocity, int layer) =>
        new(velocity.Slice(factors[layer] + points * sizes[layer - 1], points * sizes[layer]), points, sizes[layer]);

    /// <summary>kept = y + sum_j c_j f_j, as far as that is kept as it is; y empty counts as 0.</summary>
    internal void Sum(Ensemble ensemble, ReadOnlySpan<double> y, FactoredSum sum, Span<double> kept)
    {
        if (y.IsEmpty) kept.Clear();
        else for (var i = 1; i <= depth; i++)
        {
            foreach (var block in Blocks(i))
                if (!block.IsFactored) block.Of(ensemble.Weights(y, i)).CopyTo(block.Kept(kept));
            ensemble.Biases(y, i).CopyTo(Biases(kept, i));
        }
        for (var j = 0; j < sum.Count; j++)
            if (sum.Coefficient(j) != 0)
                TensorPrimitives.MultiplyAdd(sum.Velocity(j).AsSpan(0, kept.Length), sum.Coefficient(j), kept, kept);
    }

    /// <summary>Puts what is kept as it is into a state.</summary>
    internal void Put(Ensemble ensemble, Span<double> kept, Span<double> state)
    {
        for (var i = 1; i <= depth; i++)
        {
            foreach (var block in Blocks(i))
                if (!block.IsFactored) block.Kept(kept).CopyTo(block.Of(ensemble.Weights(state, i)));
            Biases(kept, i).CopyTo(ensemble.Biases(state, i));
        }
    }
}

/// <summary>The weights from a group of neurons to a group of the layer above; <paramref name="Start"/> is where they are
/// in a velocity in factors that keeps them as they are.</summary>
internal readonly record struct WeightBlock(NeuronGroup Below, NeuronGroup Above, int? Start)
{
    internal bool IsFactored => Start is null;

    internal bool IsMassive => Below.First == 0 && Above.First == 0;

    internal ReadOnlyMatrixView Of(ReadOnlyMatrixView w) => w.Block(Below.First, Above.First, Below.Count, Above.Count);

    internal MatrixView Of(MatrixView w) => w.Block(Below.First, Above.First, Below.Count, Above.Count);

    internal MatrixView Kept(Span<double> kept) =>
        new(kept.Slice(Start!.Value, Below.Count * Above.Count), Below.Count, Above.Count);
}
