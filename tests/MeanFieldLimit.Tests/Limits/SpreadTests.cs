using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

public class SpreadTests
{
    private static LimitSolution Solve(string example)
    {
        var loaded = ProblemFile.Read(Repository.Path($"examples/{example}.json"));
        var problem = loaded.Problem;
        return Certifier.Solve(ILimit.Of(Model.Build(loaded with
        {
            Problem = problem with
            {
                Training = problem.Training with { Time = 2 },
                Limit = problem.Limit with
                {
                    Types = [new SobolSpec { Nodes = 512 }, new GaussSpec { Nodes = 1 }, new SobolSpec { Nodes = 128 }],
                },
            },
        }, null)), new());
    }

    /// <summary>
    /// Pre-activations at the start are means over the layer below: they know the spread of its weights only through
    /// that of the outgoing ones, which the outputs average (Nguyen, arXiv:1902.02880, section 4.2).
    /// </summary>
    [Fact]
    public void Limits_that_differ_in_the_spread_of_the_weights_after_layer_1_start_alike_and_part()
    {
        var (narrow, wide) = (Solve("textures-dense"), Solve("textures-dense-wide"));
        Assert.InRange(narrow.Trajectory.RmsDistance(wide.Trajectory, 0), 0, narrow.ErrorUntil(0) + wide.ErrorUntil(0));
        var apart = narrow.Trajectory.RmsDistance(wide.Trajectory, narrow.Trajectory.Times.Count - 1);
        Assert.True(apart > narrow.Error.Total + wide.Error.Total, $"{apart}");
    }
}
