namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>A coupling in words.</summary>
internal static class CouplingText
{
    /// <summary>How far networks are from their limit and how that falls, as far as the limit is known.</summary>
    internal static string Headline(CouplingResult result)
    {
        if (result.Rate is not { } rate) return "No rate is fitted: a network of every seed failed.";
        var (flagged, all) = (rate.Fitted.Rms.Count(result.IsBlurred), rate.Widths.Count);
        // The limit under sgd takes the same batches.
        var bySteps = result.Limit.Model.Problem is
        { Training.Dynamics: DynamicsKind.Sgd, Limit.Dynamics: DynamicsKind.Flow };
        return Headline(rate, bySteps) + (flagged == 0 ? ""
            : flagged == all ? $" To tell one, {Remedy(result.Limit.Error)}."
            : $" At {flagged} of {all} widths the limit's own error exceeds a tenth of the gap; " +
                $"{Remedy(result.Limit.Error)} before trusting it.");
    }

    /// <summary>
    /// The gap at the largest width, and its rate beside the theory's: of the width alone, where networks under SGD do
    /// not add the noise of their batches.
    /// </summary>
    internal static string Headline(Rate rate, bool bySteps = false)
    {
        var range = (rate.Widths.Count == 1 ? "" : $"widths {rate.Widths[0]} to {rate.Widths[^1]}, ") +
            $"{rate.Replicates} {(rate.Replicates == 1 ? "seed" : "seeds")}";
        var law = rate.Fitted;
        var sentence = $"The predictions of networks of width {rate.Widths[^1]} are {LimitText.Short(law.Rms[^1])} " +
            $"(rms) from the limit's; {law.Sentence("this gap", "N")} ({range}).";
        var inside = law.Low <= Rate.Theory && Rate.Theory <= law.High;
        return law.Reason is not null || !double.IsFinite(law.Low) ? sentence
            : bySteps ? $"{sentence} The theory's exponent -1/2 is that of the width alone: the noise of batches " +
                "adds a gap of order sqrt(eps) at every width."
            : $"{sentence} The theory's exponent -1/2 is {(inside ? "inside" : "outside")} the interval.";
    }

    /// <summary>What is printed: limit, gaps by width, rates.</summary>
    internal static string Of(CouplingResult result)
    {
        var (limit, failed) = (result.Limit, result.Failures.Count);
        var text = LimitText.Line(limit) + (failed == 0 ? "" : $"\n{failed} of {failed + result.Networks.Count} " +
            "networks did not reach the final time; their seeds are left out of what follows");
        if (result.Rate is not { } rate) return text;
        return text + $"\n{"width",7}{"seeds",6}{"rms gap",10}{"*sqrt(N)",9}{"limit err.",11}" +
            string.Concat(rate.Widths.Zip(rate.Fitted.Rms, (n, gap) => $"\n{(result.IsBlurred(gap) ? '!' : ' ')}" +
                $"{n,6}{rate.Replicates,6}{gap,10:G4}{gap * Math.Sqrt(n),9:F3}{limit.Error.Total / gap,11:P1}")) +
            (!rate.Fitted.Rms.Any(result.IsBlurred) ? ""
                : $"\n! the limit's own error exceeds a tenth of this gap: {Remedy(limit.Error)} before trusting it") +
            $"\n{rate.Fitted.Sentence("rms gap", "N")}" +
            (result.Rates.FirstOrDefault(r => r.Quantity.Name == "parameters-l2") is { } pathwise
                ? $"\n{pathwise.Fitted.Sentence("pathwise, L2 gap of parameters", "N")}" : "");
    }

    private static string Remedy(ErrorEstimate error) => error switch
    {
        _ when double.IsNaN(error.Total) => "it could not be estimated, so use a tighter tolerance",
        _ when error.Data >= Math.Max(error.Types, error.Time) => "use more data points",
        _ when error.Types >= error.Time => "use more nodes for the types",
        _ => "use a tighter tolerance or a shorter step",
    };
}
