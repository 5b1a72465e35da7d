using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>Whether error estimates of the limits of convolutional networks are honest, on random problems.</summary>
public static class ImageStudy
{
    /// <summary>Solves problem number <paramref name="index"/> of a seed, and its finer twins.</summary>
    public static CertificateCase Run(ulong seed, int index, IMatrixEngine engine)
    {
        var drawn = RandomImages.Draw(seed, index);
        var solution = Certifier.Solve(new ParticleLimit(Model.Build(drawn.Problem)), Machine.Of(engine));
        var truth = CertificateStudy.Limit(drawn.Finer, engine);
        return new(drawn, solution.Error, solution.Trajectory.LargestRmsDistance(truth),
            truth.LargestRmsDistance(CertificateStudy.Limit(drawn.Check, engine)));
    }

    /// <summary>The lines of a table: lines and planes, smooth and kinked, and all.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<CertificateCase> cases)
    {
        yield return "| images | problems | covered, % | within 20, % | least ratio | undecided | exact |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var group in cases.Index().GroupBy(c =>
            (RandomImages.IsPlane(c.Index), RandomImages.IsKinked(c.Index))))
            yield return CertificateStudy.Line((group.Key.Item1 ? "plane" : "line")
                + (group.Key.Item2 ? ", kinked" : ", smooth"), [.. group.Select(c => c.Item)]);
        yield return CertificateStudy.Line("all", cases);
    }
}
