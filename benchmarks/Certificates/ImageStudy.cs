namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>Whether error estimates of the limits of convolutional networks are honest, on random problems.</summary>
public static class ImageStudy
{
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
