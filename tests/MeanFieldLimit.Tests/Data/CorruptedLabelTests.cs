using System.Text;
using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Data;

public class CorruptedLabelTests
{
    private const int Points = 1000;

    /// <summary>Of round(share n) points a class of K stays with the chance 1 / K.</summary>
    [Theory]
    [InlineData("logistic", "[1]", 2)]
    [InlineData("softmax-cross-entropy", "[0, 1, 0, 0]", 4)]
    public void A_share_of_the_training_labels_is_random_and_all_else_stays(string loss, string label, int classes)
    {
        Dataset clean = Data(loss, label, 0).Train, part = Data(loss, label, 0.3).Train, more = Data(loss, label, 0.6).Train;
        Assert.Equal(clean.X, part.X);
        Assert.Equal(clean.Y, Data(loss, label, 0).Train.Y);
        Assert.Equal(clean.Y.Take(2 * clean.Outputs), Data(loss, label, 1).Test!.Y);
        int[] changed = [.. Changed(part)], all = [.. Changed(more)];
        // The same points, and as many again.
        Assert.Subset(all.ToHashSet(), changed.ToHashSet());
        Assert.All(changed, n => Assert.Equal(part.Label(n), more.Label(n)));
        var chance = 1.0 - 1.0 / classes;
        foreach (var (count, of) in new[] { (changed.Length, 300), (all.Length, 600), (Changed(Data(loss, label, 1).Train).Count(), Points) })
            Assert.InRange((count - of * chance) / Math.Sqrt(of * chance * (1 - chance)), -4, 4);
        // Every label is that of one class, and other classes are met alike.
        Assert.All(Enumerable.Range(0, Points), n => Assert.True(classes == 2 ? part.Label(n) is [1 or -1]
            : part.Label(n).ToArray().Order().SequenceEqual([0, 0, 0, 1])));
        foreach (var other in changed.GroupBy(n => string.Join(' ', part.Label(n).ToArray())))
            Assert.InRange((other.Count() - 300.0 / classes) / Math.Sqrt(300.0 / classes * chance), -4, 4);

        IEnumerable<int> Changed(Dataset of) =>
            Enumerable.Range(0, Points).Where(n => !of.Label(n).SequenceEqual(clean.Label(n)));
    }

    [Fact]
    public void Batches_are_made_of_the_labels_that_are_trained_on()
    {
        var data = Data("logistic", "[1]", 1);
        var batch = new Dataset(1, 1, new double[Points], new double[Points], data.Train.Labels);
        data.Source.Draw(Streams.Batches(1), 0, batch);
        // x is the number of the point.
        Assert.All(Enumerable.Range(0, Points), n =>
            Assert.Equal(data.Train.Label((int)batch.X[n])[0], batch.Y[n]));
        Assert.Contains("random classes in place of 1 of the training labels changed", data.Found,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("half-squared", "\"corrupted\": 0.2", "$.data.corrupted",
        "labels must be classes|those of points under half-squared are numbers|got a share of 0.2|use idx or cifar")]
    [InlineData("logistic", "\"corrupted\": 1.5", "$.data.corrupted", "corrupted must be between 0 and 1, got 1.5")]
    [InlineData("logistic", "\"corrupted\": -0.1", "$.data.corrupted", "corrupted must be between 0 and 1, got -0.1")]
    public void What_is_no_share_of_classes_is_refused(string loss, string key, string path, string fragments)
    {
        var e = Assert.Throws<ProblemException>(() => Build(loss, "[1]", key));
        Assert.Equal(path, e.Path);
        Assert.All(fragments.Split('|'), f => Assert.Contains(f, e.Rule, StringComparison.Ordinal));
        Assert.Contains("corrupted must be 0 of generated data", Assert.Throws<ProblemException>(() => Parse("""
            { "data": { "kind": "isotropic-gaussians", "dimension": 2, "delta": 0.4, "points": 8, "corrupted": 0.1 },
            """, "logistic")).Rule, StringComparison.Ordinal);
    }

    private static ExperimentData Data(string loss, string label, double share) =>
        Build(loss, label, FormattableString.Invariant($"\"corrupted\": {share}")).Data;

    /// <summary>Points numbered by their one coordinate, of one class.</summary>
    private static Model Build(string loss, string label, string key) => Parse($$"""
        { "data": { "kind": "points", "x": [{{string.Join(',', Enumerable.Range(0, Points).Select(n => $"[{n}]"))}}],
            "y": [{{string.Join(',', Enumerable.Repeat(label, Points))}}],
            "xTest": [[0], [1]], "yTest": [{{label}}, {{label}}], {{key}} },
        """, loss);

    private static Model Parse(string data, string loss) => Model.Build(ProblemFile.Parse("x.json",
        Encoding.UTF8.GetBytes(data + $$"""
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "{{loss}}", "time": 1 }, "limit": { "types": [{ "rule": "sobol", "nodes": 8 }] } }
        """)), null);
}
