using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Global convergence of four layers with correlated weights, and its failure without diversity.</summary>
internal sealed class GlobalConvergenceDeep : ITheoryCheck
{
    // y = x_1/2 + 2 x_2^2 - 1, x_2 = +-1/4 or +-1: the best function of x_1 leaves y - E[y | x_1] = +-15/16.
    private const double Floor = 225.0 / 512;

    // Of y. With independent centred weights w_2 = w_3 = 0 in the limit: no layer but the first sees x.
    private const double Variance = 5.0 / 16 + 225.0 / 256;

    public string Name => "global-convergence-deep";

    public string Claim => "The risk of a limit with L layers goes to zero if its correlated initialization is " +
        "diverse in both directions, (w_i(., C_i), w_{i+1}(C_i, .)), which it stays at finite t: the velocity of " +
        "w_L goes to zero uniformly. Without that diversity it need not.";

    public string Source => "Nguyen and Pham, arXiv:2001.11443 (bidirectional diversity); Pham and Nguyen, " +
        "arXiv:2006.09355";

    /// <summary>The part of independent noise in the variance of middle weights, in the run to converge.</summary>
    internal double Noise { get; init; }

    public CheckResult Run(CheckSetting setting)
    {
        var (diverse, independent) = (Build("correlated", Noise, setting), Build("independent", 1, setting));
        var points = Follow(Subject.Limit(diverse, setting));
        var flat = Follow(Diversity.OnFirstAxis(Subject.Limit(diverse, setting)));
        var degenerate = Follow(Subject.Limit(independent, setting));
        var (first, last) = (points[0], points[^1]);
        int[] layers = [.. Enumerable.Range(1, first.EffectiveRanks.Count)];
        return new(
        [
            Measurement.Vanishing("risk(T) / risk(0)", last.Risk / first.Risk, setting.Small ? 0.01 : 1e-3),
            Measurement.Vanishing("sup_c |dw_L(c)/dt| at T over that at t = 0", last.LastVelocity / first.LastVelocity,
                0.2),
            .. layers.Select(i => Measurement.AtLeast($"effective rank of the neurons of layer {i}, least over t",
                points.Min(p => p.EffectiveRanks[i - 1]), 1.1, "more than 1", "1 is a single direction, 0 a single " +
                $"neuron; {Math.Round(first.EffectiveRanks[i - 1], 2)} at t = 0")),
            Measurement.AtLeast("least standard deviation of a . w_1(t) over |a| = 1 and t",
                points.Min(p => p.LeastDeviation), 0.5, "above 0", "1.5 at t = 0"),
            Measurement.AtLeast("w_1 on a line: risk(T) over 1/2 E[Var(y | x_1)]", flat[^1].Risk / Floor, 1 - 1e-9,
                "1 or more", "rounding"),
            Measurement.Zero("w_1 on a line: largest distance from it", flat.Max(p => p.LeastDeviation), 1e-10,
                "rounding, grown over the run"),
            Measurement.Zero("independent centred weights: |risk(T) / (1/2 Var y) - 1|",
                Math.Abs(degenerate[^1].Risk / (Variance / 2) - 1), 1e-6, "a part of the tolerance of the run, at " +
                "rest; b_3, w_4 and b_4 alone move, which see no x: yhat goes to a constant, E y"),
        ],
        [
            Draw(Name, "Four layers, y even in x_2: risk of the limit from correlated weights (diverse), from the " +
                "same with w_1 on a line, which cannot fall below 1/2 E[Var(y | x_1)] (dashed), and from independent " +
                "centred weights, whose middle layers vanish; and the largest velocity of w_4 of the diverse limit.",
                new("risk, velocity", true),
                [
                    new("risk, diverse", points.Select(p => p.Risk), FigureStyle.Data),
                    new("risk, on a line", flat.Select(p => p.Risk), FigureStyle.Warning),
                    Curve.Level("its least value", Floor, points.Count),
                    new("risk, independent", degenerate.Select(p => p.Risk), FigureStyle.OfWidth(0, 2)),
                    Curve.Thin("sup |dw_4/dt|", points.Select(p => p.LastVelocity), FigureStyle.OfWidth(1, 2)),
                ]),
            Draw("global-convergence-deep-diversity", "Effective rank of the neurons of each hidden layer of the " +
                "diverse limit: the number of directions in which the pairs (w_i(., c), w_{i+1}(c, .)) differ. It " +
                "may fall, as some directions grow, but not to a single one.", new("effective rank", false),
                [.. layers.Select(i => new Curve($"layer {i}", points.Select(p => p.EffectiveRanks[i - 1]),
                    FigureStyle.OfWidth(i - 1, layers.Length)))]),
        ], [diverse, independent]);

        Figure Draw(string name, string caption, Scale y, IReadOnlyList<Curve> curves) =>
            SeriesFigure.Draw(name, caption, diverse.SaveTimes, new("time t", true), y, curves);
    }

    /// <summary>
    /// What the theorem speaks of, at one time; the last velocity is the largest |d w_L(c, k)/dt| over neurons c and
    /// outputs k, and the effective ranks are those of hidden layers 1..L-1.
    /// </summary>
    internal sealed record Point(double Time, double Risk, double LastVelocity, IReadOnlyList<double> EffectiveRanks,
        double LeastDeviation);

    /// <summary>A limit without tracers at the save times.</summary>
    internal static List<Point> Follow(Subject limit) => limit.Watch((time, state) =>
    {
        var (velocity, of) = (limit.Velocity(state), limit.Ensemble);
        return new Point(time, limit.Outputs(state).Risk,
            of.Weights(velocity.AsSpan(), of.Depth).Data.ToArray().Max(Math.Abs),
            [.. Enumerable.Range(1, of.Depth - 1).Select(i => Diversity.EffectiveRank(of, state, i))],
            Diversity.LeastDeviation(of, state));
    }).Seen;

    private static Model Build(string name, double noise, CheckSetting setting)
    {
        var problem = Examples.Read("global-convergence").Problem;
        var nodes = setting.Small ? 5 : 7;
        return Model.Build(problem with
        {
            Name = $"global-convergence-{name}",
            Seed = (long)setting.Seed,
            Network = problem.Network with { Embedding = new CorrelatedSpec { Noise = noise } },
            Training = problem.Training with { Time = setting.Small ? 100 : 200 },
            Limit = problem.Limit with
            {
                Types = [new SobolSpec { Nodes = setting.Small ? 64 : 128 }, new GaussSpec { Nodes = nodes },
                    new GaussSpec { Nodes = nodes }],
            },
            Record = new() { Saves = 12, Spacing = Spacing.Logarithmic },
        });
    }
}
