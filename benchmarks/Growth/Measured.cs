using System.Diagnostics;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>What a work took at each of its sizes.</summary>
/// <param name="Work">The work.</param>
/// <param name="Seconds">Of one repetition.</param>
/// <param name="Bytes">Live at most, of the solver at work.</param>
internal sealed record Measured(Work Work, double[] Seconds, double[] Bytes)
{
    // Sizes that are fitted: the largest, where lower powers have the least to say.
    private const int Fitted = 4;

    internal Range Largest => Math.Max(0, Work.Sizes.Length - Fitted)..;

    internal double[] Sizes => [.. Work.Sizes.Select(n => (double)n)];

    internal Exponent Time => Exponent.Of(Sizes[Largest], Seconds[Largest]);

    internal Exponent Space => Exponent.Of(Sizes[Largest], Bytes[Largest]);

    internal Exponent SpacePlanned => Exponent.Of(Sizes[Largest], [.. Work.Sizes[Largest].Select(Work.Bytes)]);

    /// <summary>That of the operations at the same sizes.</summary>
    internal Exponent? TimePlanned => Work.Operations is { } operations
        ? Exponent.Of(Sizes[Largest], [.. Work.Sizes[Largest].Select(operations)]) : null;

    internal static Measured Of(Work work, Timing timing)
    {
        // Compiled, and compiled again, at the smallest size.
        timing.Warm(work.Make(work.Sizes[0])());
        var (seconds, bytes) = (new double[work.Sizes.Length], new double[work.Sizes.Length]);
        for (var i = 0; i < work.Sizes.Length; i++)
        {
            var create = work.Make(work.Sizes[i]);
            bytes[i] = Memory.Peak(create);
            seconds[i] = timing.Median(create());
        }
        return new(work, seconds, bytes);
    }
}

/// <summary>How a time is taken: the median over rounds, each of repetitions for some time.</summary>
/// <param name="Rounds">Their number.</param>
/// <param name="Round">Seconds of a round at least.</param>
/// <param name="WarmUp">Seconds before the first.</param>
internal sealed record Timing(int Rounds, double Round, double WarmUp)
{
    internal void Warm(Action repeated)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < WarmUp;) repeated();
    }

    /// <summary>Seconds of one repetition.</summary>
    internal double Median(Action repeated)
    {
        var repeats = (int)Math.Ceiling(Round / Math.Max(Seconds(repeated, 1), 1e-7));
        return Enumerable.Range(0, Rounds).Select(_ => Seconds(repeated, repeats)).Order().ElementAt(Rounds / 2);
    }

    private static double Seconds(Action repeated, int repeats)
    {
        var watch = Stopwatch.StartNew();
        for (var k = 0; k < repeats; k++) repeated();
        return watch.Elapsed.TotalSeconds / repeats;
    }
}
