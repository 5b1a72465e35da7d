using System.Text.Json;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// Limits against those of an independent program (NumPy, SciPy's DOP853 at rtol 1e-12), read from
/// ../shared/reference/values.json beside the project; without that file there is nothing to compare with.
/// </summary>
public class ReferenceValuesTests
{
    [SharedTheory("reference/values.json"), InlineData("gap"), InlineData("deep")]
    public void Limits_agree_to_1e_8(string name)
    {
        var values = Repository.Shared("reference/values.json")!;
        var expected = JsonDocument.Parse(File.ReadAllText(values)).RootElement.GetProperty(name);
        var model = Model.Build(ProblemFile.Read(Repository.Path($"examples/reference-{name}.json")), null);
        var limit = Certifier.Solve(new ParticleLimit(model), new()).Trained.Trajectory;

        var yhat = expected.GetProperty("yhat").EnumerateArray().SelectMany(r => r.EnumerateArray())
            .Select(v => v.GetDouble()).ToArray();
        Assert.Equal(yhat.Length, limit.Predictions[^1].Length);
        Assert.All(yhat.Zip(limit.Predictions[^1]), p => Assert.Equal(p.First, p.Second, 1e-8));
        Assert.Equal(expected.GetProperty("risk").GetDouble(), limit.Train[^1].Risk, 1e-8);
    }

    /// <summary>
    /// Weights of two values make 512 and 256 nodes that are the law of types: what is left is the error in time.
    /// </summary>
    [SharedFact("reference/values-2.json")]
    public void The_limit_of_a_convolutional_network_agrees_to_1e_8()
    {
        var values = JsonDocument.Parse(File.ReadAllText(Repository.Shared("reference/values-2.json")!)).RootElement
            .GetProperty("C_cnn").GetProperty("limit").GetProperty("tanh_mean");
        var model = Model.Build(ProblemFile.Read(Repository.Path("examples/reference-cnn.json")), null);
        var solution = Certifier.Solve(new ParticleLimit(model), new());
        var limit = solution.Trained.Trajectory;
        foreach (var (key, at) in new[] { ("yhat_0", 0), ("yhat_T", limit.Predictions.Count - 1) })
            Assert.All(values.GetProperty(key).EnumerateArray().SelectMany(r => r.EnumerateArray()).Zip(
                limit.Predictions[at]), p => Assert.Equal(p.First.GetDouble(), p.Second, 1e-8));
        Assert.Equal(values.GetProperty("risk_T").GetDouble(), limit.Train[^1].Risk, 1e-8);
        Assert.InRange(solution.Error.Total, 1e-14, 1e-10);
    }
}
