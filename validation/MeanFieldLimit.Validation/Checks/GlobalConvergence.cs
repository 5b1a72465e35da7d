using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Global convergence of three layers, and its failure where the first layer is not diverse.</summary>
internal sealed class GlobalConvergence : ITheoryCheck
{
    // y is even in x_2: where w_1 starts on the line w_12 = 0 it stays there, by symmetry, and yhat depends on x_1
    // alone. That state is unstable: after a few times this T rounding grows until w_1 leaves the line. Pairs of
    // neighbours with powers of two keep sums over x_2 at an exact zero, where a matrix engine sums in order.
    private static readonly double[] First = [0.4, 1, 1.7], Second = [-0.5, 0.5, -1, 1];

    public string Name => "global-convergence";

    public string Claim => "The risk of a three-layer limit goes to zero if w_1 has full support at t = 0, which it " +
        "keeps at every finite t: the velocities of layers 2 and 3 go to zero uniformly. Without that diversity it " +
        "need not.";

    public string Source => "Nguyen and Pham, arXiv:2001.11443 (global convergence, three layers, i.i.d. " +
        "initialization); Pham and Nguyen, arXiv:2006.09355";

    /// <summary>Whether w_1 is not on a line in the run that is claimed to converge.</summary>
    internal bool Diverse { get; init; } = true;

    public CheckResult Run(CheckSetting setting)
    {
        var model = Build(setting);
        var limit = Subject.Limit(model, setting);
        var diverse = Watch(Diverse ? limit : Diversity.OnFirstAxis(limit));
        var flat = Watch(Diversity.OnFirstAxis(Subject.Limit(model, setting)));
        var floor = Floor(model.Data.Train);
        int[] tracers = setting.Small ? [64, 256, 1024] : [64, 256, 1024, 4096];
        var finite = Model.Build(model.Problem with
        {
            Name = $"{Name}-finite",
            Training = model.Problem.Training with { Time = 20 },
        });
        var carried = tracers.Select(n => Carried(finite, n, setting)).ToArray();
        double[] covers = [.. carried.Select(w => Cover(w.End))];
        var last = diverse[^1];
        return new(
        [
            Measurement.Vanishing("risk(T) / risk(0)", last.Risk / diverse[0].Risk, setting.Small ? 0.01 : 1e-3),
            Measurement.Vanishing("sup_c |dw_3(c)/dt| at T over its largest",
                last.Third / diverse.Max(s => s.Third), 0.05),
            Measurement.Vanishing("sup_cc' |dw_2(c, c')/dt| at T over its largest",
                last.Second / diverse.Max(s => s.Second), 0.05),
            Measurement.AtLeast("least over largest eigenvalue of E_c[s(H_1(x, c)) s(H_1(x', c))], least over t",
                diverse.Min(s => s.Least), 1e-12, "above 0",
                "rounding: above it the features of layer 1 span all functions on the data"),
            new("covering radius of the unit disc by n tracers w_1(t), t = 20, of most over of fewest",
                covers[^1] / covers[0], "to 0", 0, 2 * Math.Sqrt((double)tracers[0] / tracers[^1]),
                "n^(-1/2) in the plane, and a factor of 2 for its logarithm"),
            Measurement.AtLeast("w_1 on a line: risk(T) over 1/2 E[Var(y | x_1)]", flat[^1].Risk / floor, 1 - 1e-9,
                "1 or more", "rounding"),
            Measurement.Zero("w_1 on a line: largest |w_1| off the line", flat.Max(s => s.Off), 1e-10,
                "rounding, grown over the run"),
            Measurement.Vanishing("diverse: risk(T) over that floor", last.Risk / floor, 0.05),
        ],
        [
            SeriesFigure.Draw(Name, "Three layers, y even in x_2: risk of the limit from w_1 normal in the plane " +
                "(diverse), and from w_1 normal on a line, which cannot fall below 1/2 E[Var(y | x_1)] (dashed); and " +
                "the largest velocities of the weights of layers 2 and 3 of the diverse limit.",
                model.SaveTimes, new("time t", true), new("risk, velocity", true),
                [
                    new("risk, diverse", diverse.Select(s => s.Risk), FigureStyle.Data),
                    new("risk, on a line", flat.Select(s => s.Risk), FigureStyle.Warning),
                    Curve.Level("its least value", floor, diverse.Count),
                    Curve.Thin("sup |dw_3/dt|", diverse.Select(s => s.Third), FigureStyle.OfWidth(0, 2)),
                    Curve.Thin("sup |dw_2/dt|", diverse.Select(s => s.Second), FigureStyle.OfWidth(1, 2)),
                ]),
            Figure.Of("global-convergence-support", $"The weights w_1 of {tracers[2]} neurons carried along by the " +
                $"limit: drawn, and at t = {finite.SaveTimes[^1]}. The flow moves them and leaves no part of the " +
                $"plane uncovered.",
                [Draw("t = 0", carried[2].Start), Draw($"t = {finite.SaveTimes[^1]}", carried[2].End)], []),
        ], [model, finite]);

        static Panel Draw(string title, double[][] points)
        {
            var panel = new Panel(title, new("w_11", false), new("w_12", false));
            panel.Points(points.Select(p => p[0]), points.Select(p => p[1]), FigureStyle.Data, size: 4);
            return panel;
        }
    }

    private readonly record struct Seen(double Risk, double Second, double Third, double Least, double Off);

    private Model Build(CheckSetting setting)
    {
        var x = First.SelectMany(_ => Second, (a, b) => new[] { a, b }).ToArray();
        return Model.Build(new()
        {
            Name = Name,
            Seed = (long)setting.Seed,
            Data = new PointsData { X = x, Y = [.. x.Select(p => new[] { Math.Sin(1.5 * p[0]) + p[1] * p[1] })] },
            Network = new()
            {
                Layers =
                [
                    new() { Weights = new GaussianLaw { Std = 1.5 }, Activation = "gelu" },
                    new() { Weights = new GaussianLaw { Mean = 1, Std = 1 }, Activation = "tanh" },
                    new() { Weights = new GaussianLaw { Std = 2 } },
                ],
            },
            Training = new() { Loss = "half-squared", Time = setting.Small ? 200 : 400 },
            Limit = new() { Types = [new GaussSpec { Nodes = 16 }, new GaussSpec { Nodes = 10 }], Tolerance = 1e-6 },
            Record = new() { Saves = 24, Spacing = Spacing.Logarithmic },
        });
    }

    private static List<Seen> Watch(Subject limit) => limit.Watch((_, state) =>
    {
        var (velocity, of) = (limit.Velocity(state), limit.Ensemble);
        return new Seen(limit.Outputs(state).Risk, Sup(of.Weights(velocity.AsSpan(), 2).Data),
            Sup(of.Weights(velocity.AsSpan(), 3).Data), LeastEigenvalue(limit, state),
            Sup(of.Weights(state.AsSpan(), 1).Data[of.Size(1)..]));
    }).Seen;

    /// <summary>
    /// The least eigenvalue over the largest, of the Gram matrix of the features of layer 1 on the data,
    /// E_c[s(H_1(x, c)) s(H_1(x', c))].
    /// </summary>
    private static double LeastEigenvalue(Subject limit, ReadOnlySpan<double> state)
    {
        var h = limit.Layers(state)[0];
        var masses = limit.Ensemble.Masses(1);
        limit.Ensemble.Architecture.Activations[0].Apply(h, h);
        for (var k = 0; k < h.Length; k++) h[k] *= Math.Sqrt(masses[k % masses.Length]);
        var squares = Diversity.Spectrum(h, h.Length / masses.Length);
        return squares[0] / squares[^1];
    }

    private static double Sup(ReadOnlySpan<double> values) => Math.Abs(TensorPrimitives.MaxMagnitude(values));

    /// <summary>1/2 E[Var(y | x_1)]: the least risk of a function of x_1 alone.</summary>
    private static double Floor(Dataset data) =>
        Enumerable.Range(0, data.Count).GroupBy(n => data.Input(n)[0]).Sum(g =>
            g.Sum(n => Math.Pow(data.Label(n)[0] - g.Average(k => data.Label(k)[0]), 2)) / data.Count) / 2;

    /// <summary>w_1 at 0 and at T, in the plane, of n neurons drawn at random that ride along as tracers.</summary>
    private static (double[][] Start, double[][] End) Carried(Model model, int n, CheckSetting setting)
    {
        var network = model.Embedding.Sample([n, 1], Streams.SeedOf(model.Seed, 0));
        var both = model.Embedding.WithTracers(model.InitialLimit(), network);
        return (Points(both.State), Points(new Subject(model, both, setting).FollowLimit().Result.State));

        double[][] Points(double[] state)
        {
            var w = both.Weights(state.AsSpan(), 1);
            return [.. w.Row(0)[^n..].ToArray().Zip(w.Row(1)[^n..].ToArray(), (a, b) => new[] { a, b })];
        }
    }

    /// <summary>The largest distance from a point of the unit disc to the nearest of the neurons carried.</summary>
    private static double Cover(double[][] carried)
    {
        const int steps = 40;
        return Enumerable.Range(-steps, 2 * steps + 1).SelectMany(a => Enumerable.Range(-steps, 2 * steps + 1)
                .Select(b => new[] { (double)a / steps, (double)b / steps }))
            .Where(p => p[0] * p[0] + p[1] * p[1] <= 1)
            .Max(p => carried.Min(w => MathNet.Numerics.Distance.Euclidean(p, w)));
    }
}
