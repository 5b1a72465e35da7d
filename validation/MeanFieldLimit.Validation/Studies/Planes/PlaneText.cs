using System.Text.Json;

namespace MeanFieldLimit.Validation.Studies.Planes;

/// <summary>What was measured over the plane of exponents, in words and in a table.</summary>
internal static class PlaneText
{
    private static readonly PlaneQuantity[] Shown =
        [PlaneQuantity.Function, PlaneQuantity.Kernel, PlaneQuantity.KernelChange, PlaneQuantity.FunctionChange];

    internal static string Headline(IReadOnlyList<PlaneResult> results)
    {
        var compared = results.SelectMany(r => PlaneStudy.Quantities.Select(q =>
            (r.Point.Name, Agrees: r.Agrees(q)))).Where(c => c.Agrees is not null).ToArray();
        string[] apart = [.. compared.Where(c => c.Agrees is false).Select(c => c.Name).Distinct()];
        string[] untold = [.. results
            .Where(r => r.Fits.Values.Any(f => f.Reason is not null)).Select(r => r.Point.Name)];
        var agreed = compared.Count(c => c.Agrees is true);
        return $"Of {compared.Length} exponents at {results.Count} points {agreed} are " +
            FormattableString.Invariant($"those of theory, to {PlaneResult.Near} or within their 95 % intervals") +
            (apart.Length == 0 ? "" : $"; others are at {string.Join(", ", apart)}") +
            (untold.Length == 0 ? ""
                : $"; some have no rate at {string.Join(", ", untold)} (study-exponents.csv says why)") +
            ". Of the four conditions (1 f finite, 2 kernel finite, 3 kernel of the order of f, 4 kernel evolves) " +
            string.Join(", ", results.Where(r => !r.Point.IsOff).OrderByDescending(r => r.Conditions.Count)
                .Select(r => $"{r.Point.Name} meets {Met(r.Conditions)}")) + ".";
    }

    internal static string Meaning(PlaneQuantity quantity) => quantity switch
    {
        PlaneQuantity.Function => "|f| at initialization",
        PlaneQuantity.Kernel => "the tangent kernel at initialization",
        PlaneQuantity.KernelOutgoing => "that of outgoing weights",
        PlaneQuantity.KernelIncoming => "that of incoming weights",
        PlaneQuantity.KernelChange => "the relative change of the tangent kernel by a step",
        PlaneQuantity.KernelOutgoingChange => "that of the kernel of outgoing weights",
        PlaneQuantity.KernelIncomingChange => "that of the kernel of incoming weights",
        _ => "|f| of what a step adds to f",
    };

    internal static string Theory(double exponent) =>
        double.IsNaN(exponent) ? "none" : exponent.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>One row a point.</summary>
    internal static StudyTable Summary(IReadOnlyList<PlaneResult> results) => new("study",
        ["point", "qSum", "qOutgoing", "qIncoming",
            .. Shown.SelectMany(q => new[] { Column(q), $"{Column(q)}Theory" }), "fClass", "kernelClass",
            "conditions"],
        results.Select(r => (object[])
            [r.Point.Name, r.Point.Exponents.Sum, r.Point.Exponents.Outgoing, r.Point.Exponents.Incoming,
            .. Shown.SelectMany(q => new object[] { r.Fits[q].Slope, r.Theory(q) }),
            Names.Of(r.ClassOf(PlaneQuantity.Function)), Motion(r.KernelMoves), Met(r.Conditions)]),
        "Exponents of the width in |f| and the tangent kernel at initialization, in the relative change of the " +
        "kernel and in the change of f by one step, each beside that of theory; a dash where theory has none. " +
        "Intervals, and the kernels of each layer, are in study-exponents.csv.");

    private static string Column(PlaneQuantity quantity) => JsonNamingPolicy.CamelCase.ConvertName($"{quantity}");

    private static string Motion(bool? moves) => moves switch { true => "moving", false => "constant", null => "open" };

    private static string Met(IReadOnlyList<int> conditions) =>
        conditions.Count == 0 ? "none" : string.Join(" ", conditions);
}
