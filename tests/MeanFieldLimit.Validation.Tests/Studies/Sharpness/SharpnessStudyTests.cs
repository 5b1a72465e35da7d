using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Sharpness;

namespace MeanFieldLimit.Validation.Tests.Studies.Sharpness;

public class SharpnessStudyTests
{
    private static readonly Lazy<StudyResult> Answer = new(() =>
        Small.Run(new SharpnessStudy(), Small.Sharpness(300, [0.1, 0.5])));

    /// <summary>
    /// Where a step is stable at the minimum of the flow, that is what it ends at; where not, at the edge 2/eta, of which
    /// oscillations leave a tenth unclear.
    /// </summary>
    [Fact]
    public void A_small_step_ends_below_the_edge_and_a_large_one_at_it()
    {
        var rows = Answer.Value.Table("study").Rows.Select(r => r.Select(v => v is double d ? d : (int)v).ToArray()).ToArray();
        Assert.Equal([0.1, 0.5], rows.Select(r => r[0]));
        Assert.Equal([20, 4], rows.Select(r => r[1]));
        Assert.InRange(rows[0][7], 0.1, 0.7);
        Assert.InRange(rows[1][7], 0.8, 1.2);
        Assert.True(rows[0][4] > 4.5);      // above the edge of the other
        // The limit takes the same steps.
        Assert.InRange(rows[0][9] / 20, 0.1, 0.7);
        Assert.InRange(rows[1][9] / 4, 0.8, 1.2);
    }

    [Fact]
    public void Every_training_has_its_minimum_and_the_bounds_on_it()
    {
        var table = Answer.Value.Table("study-minima");
        var rows = table.Rows.ToArray();
        Assert.Equal(2 * 2 * 2 + 2, rows.Length);
        foreach (var row in rows)
        {
            var (step, batch) = ((double)row[0], row[1]);
            Assert.Equal(2 / step, (double)row[9]);
            // sqrt(B) / eta with B = 2.
            Assert.Equal(batch is 2 ? Math.Sqrt(2) / step : double.PositiveInfinity, (double)row[10], 1e-12);
            Assert.InRange((double)row[5], 0, 20);
            Assert.InRange((double)row[6], 0, 1e-3);
        }
        Assert.Equal(3, Answer.Value.Figures.Count);
        Assert.All(Answer.Value.Figures, figure => Assert.Null(figure!.Obstacle));
        Assert.InRange(Answer.Value.Findings.Single(f => f.Name == "correlation").Value, 0.5, 1);
    }

    /// <summary>
    /// Of the Gauss-Newton part, an operator of finite rank whose eigenvalues are continuous in the law of neurons; beside
    /// a limit whose own sharpness is known better than the gaps.
    /// </summary>
    [Fact]
    public void Couplings_have_the_rate_of_the_sharpness_and_its_columns()
    {
        var model = Small.TwoLayers();
        var probed = model.With(model.Problem with
        {
            Record = new() { Saves = 2, Probes = [CurvatureProbe.Sharpness], Hessian = HessianKind.GaussNewton },
            Limit = new() { Types = [new GaussSpec { Nodes = 64 }] },
            Couple = new() { Widths = [20, 80, 320], Seeds = 12, Tracers = 0 },
        });
        var result = Small.Run(new CoupleStudy(), probed);
        // 12 replicates of three widths tell the exponent to about 0.2.
        Assert.InRange(result.Findings.Single(f => f.Name == "sharpness").Value, -0.8, -0.2);
        Assert.Contains("sharpness", result.Table("trajectory").Columns);
        Assert.Contains("sharpness", result.Table("networks").Columns);
        var limit = result.Limit!;
        Assert.InRange(limit.SharpnessError, 0, 0.1);
        // The last one again, from the state itself.
        var initial = ((ITraceable)limit.Limit).Initial;
        var hessian = new RiskHessian(initial, limit.Trained.Result.State, model.Loss, model.Data.Train,
            new ManagedEngine(1), [1, 0])
        {
            IsGaussNewton = true,
        };
        Assert.Equal(Lanczos.Largest(hessian, 1, new(5, 5), 1e-10).Pairs[0].Value,
            limit.Trajectory.Curvatures[^1].Sharpness, 1e-8);
        Assert.True(double.IsNaN(limit.Trajectory.Curvatures[^1].NonUniformity));
    }

    [Fact]
    public void What_has_no_sharpness_is_refused()
    {
        var model = Small.Sharpness(10, [0.5]);
        var spec = model.Problem.Sharpness!;
        Assert.Contains("batches must be smaller than the data, of 6 points, got 6", Plan(model.Problem with
        {
            Sharpness = spec with { Batches = [6] },
        }), StringComparison.Ordinal);
        Assert.Contains("sharpness must be given", Plan(model.Problem with { Sharpness = null }),
            StringComparison.Ordinal);
        Assert.Contains("steps must be at most training.time, got 20", Plan(model.Problem with
        {
            Sharpness = spec with { Steps = [20] },
        }), StringComparison.Ordinal);
        Assert.Contains("rule must have masses that are not negative", Plan(model.Problem with
        {
            Limit = new() { Types = [new SmolyakSpec { Level = 1 }] },
        }), StringComparison.Ordinal);
        Assert.Contains("scaling must not be given", Plan(model.Problem with
        {
            Scaling = new() { Kind = ScalingKind.Ntk, Width = 4 },
        }), StringComparison.Ordinal);

        static string Plan(Problem problem) =>
            Assert.Throws<ProblemException>(() => new SharpnessStudy().Plan(Model.Build(problem), 1)).Message;
    }
}
