using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>Whether error estimates of kernels and of the limits of scalings are honest, on random problems.</summary>
internal static class ScalingStudy
{
    /// <summary>Solves problem number <paramref name="index"/> of a seed, and its finer twins.</summary>
    internal static CertificateCase Run(ulong seed, int index, IMatrixEngine engine)
    {
        var drawn = RandomScaling.Draw(seed, index);
        var solution = Certifier.Solve(ILimit.Of(Model.Build(drawn.Problem)), Machine.Of(engine));
        var truth = CertificateStudy.Limit(drawn.Finer, engine);
        return new(drawn, solution.Error, solution.Trajectory.LargestRmsDistance(truth),
            truth.LargestRmsDistance(CertificateStudy.Limit(drawn.Check, engine)));
    }

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
