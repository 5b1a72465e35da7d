namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>A coupling in words.</summary>
internal static class CouplingText
{
    /// <summary>The rate of the prediction gap, as far as the limit is known well enough to tell it.</summary>
    internal static string Headline(CouplingResult result)
    {
        if (result.Rate is not { } rate) return "No rate is fitted: a network of every seed failed.";
        var (flagged, all) = (rate.Fitted.Rms.Count(result.IsBlurred), rate.Widths.Count);
        return flagged == all
            ? $"No rate can be told: the limit's own error, {result.Limit.Error.Total:G2}, exceeds a tenth of the gap at " +
                $"every width ({rate.Widths[0]} to {rate.Widths[^1]}); {Remedy(result.Limit.Error)}."
            : Headline(rate) + (flagged == 0 ? "" : $" At {flagged} of {all} widths the limit's own error exceeds a " +
                $"tenth of the gap; {Remedy(result.Limit.Error)} before trusting it.");
    }

    /// <summary>The rate of the prediction gap beside the theory's.</summary>
    internal static string Headline(Rate rate)
    {
        var range = $"widths {rate.Widths[0]} to {rate.Widths[^1]}, {rate.Replicates} " +
            $"{(rate.Replicates == 1 ? "seed" : "seeds")}";
        if (rate.Fitted.Reason is { } reason) return $"No rate is fitted ({range}): {reason}.";
        var sentence = $"The rms prediction gap between networks and limit goes as N^({rate.Fitted.Slope:0.000})";
        if (!double.IsFinite(rate.Fitted.Low)) return $"{sentence} ({range}); an interval takes two seeds or more.";
        var inside = rate.Fitted.Low <= Rate.Theory && Rate.Theory <= rate.Fitted.High;
        return $"{sentence}, 95 % interval [{rate.Fitted.Low:0.000}, {rate.Fitted.High:0.000}] ({range}). " +
            $"The theory's exponent -1/2 is {(inside ? "inside" : "outside")} the interval.";
    }

    /// <summary>What is printed: limit, gaps by width, rates.</summary>
    internal static string Of(CouplingResult result)
    {
        var (limit, failed) = (result.Limit, result.Failures.Count);
        var text = LimitText.Line(limit) + (failed == 0 ? "" : $"\n{failed} of {failed + result.Networks.Count} " +
            "networks did not reach the final time; their seeds are left out of what follows");
        if (result.Rate is not { } rate) return text;
        return text + $"\n{"width",8}{"seeds",8}{"rms gap",14}{"gap * sqrt(N)",16}{"limit error / gap",20}" +
            string.Concat(rate.Widths.Zip(rate.Fitted.Rms, (n, gap) => $"\n{n,8}{rate.Replicates,8}{gap,14:G4}" +
                $"{gap * Math.Sqrt(n),16:F3}{limit.Error.Total / gap,20:P1}" + (result.IsBlurred(gap) ? " !" : ""))) +
            (!rate.Fitted.Rms.Any(result.IsBlurred) ? ""
                : $"\n! the limit's own error exceeds a tenth of this gap: {Remedy(limit.Error)} before trusting it") +
            $"\nrate: {Law("rms gap", rate)}" + (rate.Fitted.Rms.All(result.IsBlurred) ? ", all gaps being flagged" : "") +
            (result.Rates.FirstOrDefault(r => r.Quantity.Name == "parameters-l2") is { } pathwise
                ? $"\npathwise: {Law("L2 gap of parameters", pathwise)}" : "");
    }

    private static string Law(string what, Rate rate) => rate.Fitted.Reason is { } reason
        ? $"none of the {what}: {reason}"
        : $"{what} ~ N^{rate.Fitted.Slope:F3}" + (double.IsNaN(rate.Fitted.Low)
            ? " (an interval needs two seeds or more)"
            : $", 95 % interval [{rate.Fitted.Low:F3}, {rate.Fitted.High:F3}]");

    private static string Remedy(ErrorEstimate error) => error switch
    {
        _ when double.IsNaN(error.Total) => "it could not be estimated, so use a tighter tolerance",
        _ when error.Data >= Math.Max(error.Types, error.Time) => "use more data points",
        _ when error.Types >= error.Time => "use more nodes for the types",
        _ => "use a tighter tolerance or a shorter step",
    };
}
