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
}
