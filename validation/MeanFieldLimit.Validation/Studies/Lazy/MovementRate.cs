using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Lazy;

/// <summary>How a quantity of networks goes with their width: its law, the one of theory, where there is one.</summary>
internal sealed record MovementRate(string Scaling, string Quantity, double? Theory, PowerLaw Law)
{
    private static readonly string Caption = "How far weights and tangent kernel of networks move from start to end, " +
        "relative to the start, against the width, rms over seeds with 95 % intervals; mean-field networks at the " +
        "output scale nearest to 1, where there are several. Kernels are taken at the training points, at " +
        $"{MeasuredKernel.MostPoints} of them where there are more.";

    /// <summary>Those of the movements [width, replicate] of networks of one scaling.</summary>
    internal static (MovementRate Weights, MovementRate Kernel) Of(Model model, string scaling,
        IReadOnlyList<Movement> moved, double? weights, double? kernel) =>
        (Of(model, scaling, "weights", weights, [.. moved.Select(m => m.Weights)]),
            Of(model, scaling, "kernel", kernel, [.. moved.Select(m => m.Kernel)]));

    /// <summary>That of values [width, replicate].</summary>
    internal static MovementRate Of(Model model, string scaling, string quantity, double? theory,
        IReadOnlyList<double> values)
    {
        var couple = model.Problem.Couple;
        return new(scaling, quantity, theory, PowerLaw.OfWidths(couple.Widths, couple.Seeds,
            (i, r) => values[i * couple.Seeds + r], model.Seed));
    }

    internal Finding Finding => Studies.Finding.Of($"{Scaling}-{Quantity}-width", Law,
        $"exponent of N in the movement of {Quantity} of networks, {Scaling}" + (Theory is { } theory
            ? FormattableString.Invariant($" (theory: {theory:0.##})") : ""));

    internal static StudyTable Table(IReadOnlyList<MovementRate> rates, IReadOnlyList<int> widths) =>
        new("study-movement", ["scaling", "quantity", "width", "rms", "low", "high"],
            rates.SelectMany(r => widths.Select((n, i) => (object[])
                [r.Scaling, r.Quantity, n, r.Law.Rms[i], r.Law.RmsLow[i], r.Law.RmsHigh[i]])), Caption);

    internal static Figure Figure(IReadOnlyList<MovementRate> rates, IReadOnlyList<int> widths) =>
        SeriesFigure.Draw("movement-width", Caption, Scale.Widths(widths), new("relative movement", true),
            [.. rates.Select(r => new Series($"{r.Scaling}, {r.Quantity}" +
                (double.IsFinite(r.Law.Slope) ? $": N^({r.Law.Slope:0.00})" : ""), widths, r.Law.Rms)
            {
                Bars = (r.Law.RmsLow, r.Law.RmsHigh),
                Theory = r.Theory,
            })]);
}
