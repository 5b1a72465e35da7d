using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// The law of the gap on the three-layer problem of 16 points, against an independent program: RK4 with 60 steps, central
/// differences in the mass of every type, 8 x 8 x 6 nodes.
/// </summary>
public class PredictedGapTests
{
    private static Model Build(int first, int last) => Model.Build(
        ProblemFile.Read(Repository.Path("examples/reference-gap.json")).Problem is var problem ? problem with
        {
            Limit = problem.Limit with
            {
                Types = [new GaussSpec { Nodes = first }, new GaussSpec { Nodes = last }],
            },
        } : throw new InvalidOperationException());

    [Fact]
    public void Every_type_as_a_direction_agrees_with_an_independent_program()
    {
        double[] expected =
        [
            0.01304456253791186, 0.11980690027150945, 0.10120092463743297, 0.1732240844049367, 0.15977624671217017,
            0.11294244033700149, 0.1656599273579755, 0.1687549156790421, 0.11707527497284337, 0.1421837836066201,
            0.1948061324852578, 0.11891055388108386, 0.14263299426526466, 0.1529033265911498, 0.08300013678062809,
            0.15053898368835805,
        ];
        var predicted = PredictedGap.Of(new(Build(8, 6)), new(), draws: 64);
        Assert.Equal(0.36370155933549986, predicted.Gap, 1e-6);
        Assert.Equal([0.21283338939, 0.29492502882], predicted.PerLayer, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(expected, predicted.Deviations(predicted.Times.Count - 1),
            (a, b) => Math.Abs(Math.Sqrt(a) - b) < 1e-6);
    }

    [Fact]
    public void Draws_agree_with_every_type_within_their_error()
    {
        var drawn = PredictedGap.Of(new(Build(8, 6)), new() { Threads = 2 }, draws: 50);
        Assert.InRange(Math.Abs(drawn.Gap - 0.36370155933549986), 0, 3 * drawn.StandardError);
        Assert.InRange(drawn.StandardError, 1e-4, 0.03);
    }
}
