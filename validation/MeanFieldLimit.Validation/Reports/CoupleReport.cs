using System.Xml.Linq;
using MeanFieldLimit.Models;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Coupling;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// Writes what a coupling leaves behind: the files of <see cref="SolveReport"/>, gaps.csv, networks.csv, rates in
/// summary.json, and the figures and the report of the gaps.
/// </summary>
public static class CoupleReport
{
    /// <summary>
    /// Writes everything. Of a coupling that ended early it writes the networks that finished, without rates.
    /// </summary>
    public static void Write(RunFolder folder, Model model, CouplingResult result, RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var numbers = new InvariantNumbers();
        var limit = result.Limit;
        SolveReport.WriteLimit(folder, model, limit);
        folder.WriteText("gaps.csv", w => Tables.WriteGaps(w, result));
        folder.WriteText("networks.csv", w => Tables.WriteNetworks(w, result));
        folder.WriteText("summary.json", w => w.Write(Summary.Of(model, limit, result, info).ToJson()));
        var figures = SolveReport.WriteFigures(folder,
        [
            GapRateFigure.Draw(result),
            CurveFigures.Risk(model, limit.Limit, result.Networks),
            CurveFigures.GapTime(model, result),
            PredictionFigure.Draw(model, limit.Limit),
        ]);
        var prediction = result.Rates.FirstOrDefault(r => r.Quantity == GapQuantity.Prediction);
        folder.WriteText("report.html", w => w.Write(Html.Page($"{model.Problem.Name}: networks and their limit",
        [
            .. Sections.Question(model),
            Sections.Headline(prediction is null ? Unfinished(result) : Headline(prediction)),
            .. prediction is null ? [] : Widths(prediction, result),
            .. Sections.Figures(figures),
            .. prediction is null ? [] : Rates(result),
            .. Sections.Error(model, limit, coupled: true),
            .. Sections.Settings(model, limit, coupled: true, info),
            .. Sections.Ending(model, limit, "couple", result.Seconds, info),
        ])));
    }

    internal static string Headline(Rate rate)
    {
        var range = $"widths {rate.Widths[0]} to {rate.Widths[^1]}, {rate.Seeds} " +
            $"{(rate.Seeds == 1 ? "seed" : "seeds")}";
        if (rate.Reason is { } reason) return $"No rate is fitted ({range}): {reason}.";
        var sentence = $"The rms prediction gap between networks and limit goes as N^({rate.Slope:0.000})";
        if (!double.IsFinite(rate.Low)) return $"{sentence} ({range}); an interval takes two seeds or more.";
        var inside = rate.Low <= Rate.Theory && Rate.Theory <= rate.High;
        return $"{sentence}, 95 % interval [{rate.Low:0.000}, {rate.High:0.000}] ({range}). " +
            $"The theory's exponent -1/2 is {(inside ? "inside" : "outside")} the interval.";
    }

    private static string Unfinished(CouplingResult result) =>
        (result.Failure is { } failed
            ? $"The network of width {failed.Width}, seed {failed.Replicate}, {Sections.Outcome(failed.Network)}. "
            : "Not all networks finished. ") +
        $"The {result.Networks.Count} networks that finished before are below; no rate is fitted.";

    private static IEnumerable<XElement> Widths(Rate rate, CouplingResult result)
    {
        yield return Html.Heading("Gaps by width");
        yield return Html.Numbers(
            ["width N", "seeds", "rms gap", "95 % interval", "gap \u00d7 \u221aN", "error of limit / gap", ""],
            rate.Widths.Select((width, i) => (IEnumerable<string>)
            [
                $"{width}", $"{rate.Seeds}", Sections.Short(rate.Rms[i]),
                Interval(rate.RmsLow[i], rate.RmsHigh[i], Sections.Short),
                Sections.Short(rate.Rms[i] * Math.Sqrt(width)), Sections.Short(result.Limit.Error.Total / rate.Rms[i]),
                result.IsBlurred(rate.Rms[i]) ? "!blurred" : "",
            ]));
        yield return Html.Paragraph(
            "The gap of a network is the root mean square, over the watched training points and outputs, " +
            "of the difference of its predictions and the limit's, the largest over the save times; " +
            "the table has the root mean square over seeds. " +
            "Blurred: the limit's own error exceeds a tenth of the gap.", "soft");
        NetworkRun[] slid = [.. result.Networks.Where(n => n.Slid is not null)];
        if (slid.Length > 0)
            yield return Html.Paragraph($"{slid.Length} of {result.Networks.Count} networks slid along kinks of the " +
                $"activation, in steps of at most {Sections.Short(slid.Max(n => n.Slid!.Step))} without error " +
                "control: their error is of that order, and not estimated.", "soft");
    }

    private static IEnumerable<XElement> Rates(CouplingResult result)
    {
        yield return Html.Heading("Rates of all quantities");
        yield return Html.Numbers(
            ["quantity", "slope", "95 % interval", "theory", "rms over theory, by width", "meaning"],
            result.Rates.Select(r => (IEnumerable<string>)
            [r.Quantity.Name, Exponent(r.Slope), Interval(r.Low, r.High, Exponent), r.Quantity.TheoryInWords,
                string.Join(", ", r.OverTheory.Select(Sections.Short)),
                r.Quantity.Meaning + (r.Reason is { } reason ? $"; no rate: {reason}" : "")]));
    }

    private static string Exponent(double value) => double.IsFinite(value) ? $"{value:0.000}" : "-";

    private static string Interval(double low, double high, Func<double, string> number) =>
        double.IsFinite(low) && double.IsFinite(high) ? $"[{number(low)}, {number(high)}]" : "-";
}
