using MeanFieldLimit.Embeddings;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>Whether error estimates of kernels and of the limits of scalings are honest, on random problems.</summary>
internal static class ScalingStudy
{
    /// <summary>The lines of a table: a line for each kind, with its limit or at a ratio that is kept, and one for
    /// all.</summary>
    internal static IEnumerable<string> Table(IReadOnlyList<CertificateCase> cases)
    {
        yield return "| scaling | problems | covered, % | within 20, % | least ratio | undecided | exact |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var group in cases.GroupBy(c => (c.Drawn.Problem.Scaling!.Kind, c.Drawn.Problem.Limit.Ratio is null))
            .OrderBy(g => g.Key))
            yield return CertificateStudy.Line(Name(group.Key.Kind) + (group.Key.Item2 ? "" : ", ratio kept"),
                [.. group]);
        yield return CertificateStudy.Line("all", cases);
    }

    internal static string Name(ScalingKind kind) => System.Text.Json.JsonNamingPolicy.KebabCaseLower
        .ConvertName(kind.ToString());
}
