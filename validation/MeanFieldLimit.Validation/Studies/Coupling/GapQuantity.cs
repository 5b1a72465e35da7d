namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>One number a network that a rate is fitted to.</summary>
/// <param name="Name">Its name in summary.json.</param>
/// <param name="Meaning">What it is, for readers.</param>
/// <param name="IsRmsOfPredictions">Whether the limit's error estimate, which is such an rms, can be set beside
/// it.</param>
/// <param name="Of">Its value for a network.</param>
internal sealed record GapQuantity(string Name, string Meaning, bool IsRmsOfPredictions, Func<NetworkRun, double> Of)
{
    /// <summary>The quantity that the theory bounds by O(1/sqrt N) and that tables and figures show.</summary>
    internal static GapQuantity Prediction { get; } =
        new("prediction", "rms gap of predictions, largest over the save times", true, r => r.Gaps.Max(g => g.Rms));

    /// <summary>The gap at save time number k.</summary>
    internal static GapQuantity At(int k) => new($"prediction-{k}", "rms gap of predictions", true, r => r.Gaps[k].Rms);

    /// <summary>Those that every coupling measures.</summary>
    internal static IReadOnlyList<GapQuantity> All { get; } =
    [
        Prediction,
        new("prediction-final", "rms gap of predictions at the final time", true, r => r.Gaps[^1].Rms),
        new("prediction-max", "largest gap of a prediction over points, outputs and save times", false,
            r => r.Gaps.Max(g => g.Max)),
        new("risk", "largest gap of the risk over the save times", false, r => r.Gaps.Max(g => Math.Abs(g.Risk))),
    ];

    /// <summary>That of the sharpness, where it is recorded.</summary>
    internal static GapQuantity Sharpness { get; } =
        new("sharpness", "largest gap of the sharpness over the save times", false, r => r.SharpnessGap);

    /// <summary>Those of pathwise gaps, which need tracers.</summary>
    internal static IReadOnlyList<GapQuantity> Pathwise { get; } =
    [
        new("parameters-l2", "pathwise gap of parameters, root of the sum over layers of mean squares, largest over " +
            "the save times", false, r => r.Pathwise.Max(p => p.ParametersL2)),
        new("parameters-max", "largest pathwise gap of a parameter over layers and save times", false,
            r => r.Pathwise.Max(p => p.ParametersMax)) { OfEveryNeuron = true },
        new("preactivations-l2", "pathwise gap of hidden pre-activations, root of the sum over layers of mean " +
            "squares, largest over the save times", false, r => r.Pathwise.Max(p => p.PreactivationsL2)),
        new("preactivations-max", "largest pathwise gap of a hidden pre-activation over points, layers and save times",
            false, r => r.Pathwise.Max(p => p.PreactivationsMax)) { OfEveryNeuron = true },
    ];

    /// <summary>Whether it is that of the network only where all its neurons ride along: a largest one of a part is
    /// smaller, a mean over a part is not.</summary>
    internal bool OfEveryNeuron { get; private init; }

    /// <summary>
    /// What the theory has it proportional to at width N: 1/sqrt(N), or sqrt(log(N) / N) for the largest of the gaps of
    /// all neurons, of which there are more the wider the network (Nguyen and Pham, arXiv:2001.11443).
    /// </summary>
    internal double Theory(int width) => Math.Sqrt((OfEveryNeuron ? Math.Log(Math.Max(2, width)) : 1) / width);

    internal string TheoryInWords => OfEveryNeuron ? "sqrt(log N / N)" : "1/sqrt N";
}
