namespace MeanFieldLimit.Validation.Statistics;

/// <summary>Number, means and sums of squared deviations of samples of several quantities.</summary>
internal sealed record SampleMoments(int Count, double[] Means, double[] Squares)
{
    /// <summary>Those of samples [sample][quantity], in one pass (Welford 1962).</summary>
    internal static SampleMoments Of(IReadOnlyList<double[]> samples)
    {
        var (means, squares) = (new double[samples[0].Length], new double[samples[0].Length]);
        foreach (var (n, sample) in samples.Index())
            for (var i = 0; i < means.Length; i++)
            {
                var change = sample[i] - means[i];
                means[i] += change / (n + 1);
                squares[i] += change * (sample[i] - means[i]);
            }
        return new(samples.Count, means, squares);
    }

    /// <summary>Those of all samples of two sets (Chan, Golub and LeVeque 1983).</summary>
    internal SampleMoments With(SampleMoments other)
    {
        var (count, share) = (Count + other.Count, (double)other.Count / (Count + other.Count));
        var (means, squares) = ((double[])Means.Clone(), (double[])Squares.Clone());
        for (var i = 0; i < means.Length; i++)
        {
            var change = other.Means[i] - Means[i];
            means[i] += share * change;
            squares[i] += other.Squares[i] + Count * share * change * change;
        }
        return new(count, means, squares);
    }

    /// <summary>The normal laws of these means and unbiased variances.</summary>
    internal NormalLaws Normal => new(Means, [.. Squares.Select(s => s / (Count - 1))]);
}
