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

    /// <summary>
    /// With ReLU one type in layer 2 makes the flow discontinuous: what two programs share are the values of one method
    /// at the same steps, here of Runge and Kutta's with 20 and 80, to rounding.
    /// </summary>
    [SharedTheory("reference/values-2.json"), InlineData(20, "yhat_T_rk4_20_steps"), InlineData(80, "yhat_T")]
    public void Steps_of_a_convolutional_network_of_rectifiers_agree_to_rounding(int steps, string key)
    {
        var values = JsonDocument.Parse(File.ReadAllText(Repository.Shared("reference/values-2.json")!)).RootElement
            .GetProperty("C_cnn").GetProperty("limit").GetProperty("relu_mean");
        var (time, problem) = (values.GetProperty("T").GetDouble(),
            ProblemFile.Read(Repository.Path("examples/reference-cnn.json")).Problem);
        var limit = ILimit.Of(Model.Build(problem with
        {
            Network = problem.Network with
            {
                Layers = [.. problem.Network.Layers.Select(layer =>
                    layer with { Activation = layer.Activation is null ? null : "relu" })],
            },
            Training = problem.Training with { Time = time },
            Limit = new() { Types = problem.Limit.Types, Method = "runge-kutta-4", Step = time / steps },
            Record = new() { Saves = 1 },
        })).Begin(new()).Complete().Trained.Trajectory;
        foreach (var (at, name) in new[] { (0, "yhat_0"), (limit.Predictions.Count - 1, key) })
            Assert.All(values.GetProperty(name).EnumerateArray().SelectMany(r => r.EnumerateArray())
                .Zip(limit.Predictions[at]), p => Assert.Equal(p.First.GetDouble(), p.Second, 1e-12));
        if (key == "yhat_T") Assert.Equal(values.GetProperty("risk_T").GetDouble(), limit.Train[^1].Risk, 1e-12);
    }
}
