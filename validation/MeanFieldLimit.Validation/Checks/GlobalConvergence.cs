using MathNet.Numerics.LinearAlgebra;
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

    /// <summary>Law of the weights of x_2 in layer 1 in the run that is claimed to converge.</summary>
    internal bool Diverse { get; init; } = true;

    public CheckResult Run(CheckSetting setting)
    {
        var model = Build(Name, setting);
        var diverse = Watch(model, Start(model, Diverse), setting);
        var flat = Watch(model, Start(model, diverse: false), setting);
        var floor = Floor(model.Data.Train);
        int[] tracers = setting.Small ? [64, 256, 1024] : [64, 256, 1024, 4096];
        var finite = Model.Build(model.Problem with
        {
            Name = $"{Name}-finite",
            Training = model.Problem.Training with { Time = 20 },
        });
        var covers = tracers.Select(n => Cover(finite, n, setting)).ToArray();
        var last = diverse.Count - 1;
        return new(
        [
            Measurement.AtMost("risk(T) / risk(0)", diverse[last].Risk / diverse[0].Risk, setting.Small ? 0.01 : 1e-3,
                "to 0", "T is finite"),
            Measurement.AtMost("sup_c |dw_3(c)/dt| at T over its largest", Over(diverse, s => s.Third), 0.05, "to 0",
                "T is finite"),
            Measurement.AtMost("sup_cc' |dw_2(c, c')/dt| at T over its largest", Over(diverse, s => s.Second), 0.05,
                "to 0", "T is finite"),
            Measurement.AtLeast("least over largest eigenvalue of E_c[s(H_1(x, c)) s(H_1(x', c))], least over t",
                diverse.Min(s => s.Least), 1e-12, "above 0",
                    "rounding: above it the features of layer 1 span all functions on the data"),
            new("covering radius of the unit disc by n tracers w_1(t), t = 20, of most over of fewest",
                covers[^1] / covers[0], "to 0",
                0, 2 * Math.Sqrt((double)tracers[0] / tracers[^1]),
                    "n^(-1/2) in the plane, and a factor of 2 for its logarithm"),
            Measurement.AtLeast("w_1 on a line: risk(T) over 1/2 E[Var(y | x_1)]", flat[last].Risk / floor, 1 - 1e-9,
                "1 or more", "rounding"),
            Measurement.Zero("w_1 on a line: largest |w_1| off the line", flat.Max(s => s.Off), 1e-10,
                "rounding, grown over the run"),
            Measurement.AtMost("diverse: risk(T) over that floor", diverse[last].Risk / floor, 0.05, "to 0",
                "T is finite"),
        ],
        [RiskFigure(model, diverse, flat, floor), SupportFigure(finite, setting)], [model, finite]);
    }

    /// <summary>What is seen of a limit at a save time.</summary>
    private readonly record struct Seen(double Risk, double Second, double Third, double Least, double Off);

    private static Model Build(string name, CheckSetting setting)
    {
        var x = First.SelectMany(_ => Second, (a, b) => new[] { a, b }).ToArray();
        return Model.Build(new()
        {
            Name = name,
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

    /// <summary>The limit; where it is not to be diverse, with w_1 = (w_11, 0).</summary>
    private static Ensemble Start(Model model, bool diverse)
    {
        var limit = model.InitialLimit();
        if (!diverse) limit.Weights(1).Data[limit.Size(1)..].Clear();
        return limit;
    }

    private static List<Seen> Watch(Model model, Ensemble limit, CheckSetting setting)
    {
        var (data, engine, seen) = (model.Data.Train, setting.Engine(setting.Threads), new List<Seen>());
        var field = new MeanFieldVelocity(limit, model.Loss, new FullExpectation(data), engine);
        var (velocity, predictor) = (new double[limit.State.Length], new Predictor(limit, data, engine));
        Followed.Limit(model, limit, setting, (_, state) =>
        {
            field.Evaluate(0, state, velocity);
            predictor.Predict(state);
            seen.Add(new(predictor.Measure(model.Loss).Risk, Sup(limit.Weights(velocity.AsSpan(), 2).Data),
                Sup(limit.Weights(velocity.AsSpan(), 3).Data), LeastEigenvalue(limit, state, data),
                Sup(limit.Weights(state, 1).Data[limit.Size(1)..])));
        });
        return seen;
    }

    /// <summary>
    /// The least eigenvalue over the largest, of the Gram matrix of the features of layer 1 on the data,
    /// E_c[s(H_1(x, c)) s(H_1(x', c))].
    /// </summary>
    private static double LeastEigenvalue(Ensemble limit, ReadOnlySpan<double> state, Dataset data)
    {
        var h = LayerValues.Of(limit, state, data)[0];
        limit.Architecture.Activations[0].Apply(h, h);
        var masses = limit.Masses(1);
        for (var n = 0; n < data.Count; n++)
            for (var c = 0; c < masses.Length; c++) h[n * masses.Length + c] *= Math.Sqrt(masses[c]);
        var features = Matrix<double>.Build.DenseOfRowMajor(data.Count, masses.Length, h);
        var squares = features.TransposeAndMultiply(features).Evd(Symmetricity.Symmetric).EigenValues;
        return squares[0].Real / squares[^1].Real;
    }

    private static double Sup(ReadOnlySpan<double> values) =>
        Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(values));

    private static double Over(List<Seen> seen, Func<Seen, double> value) => value(seen[^1]) / seen.Max(value);

    /// <summary>1/2 E[Var(y | x_1)]: the least risk of a function of x_1 alone.</summary>
    private static double Floor(Dataset data) =>
        Enumerable.Range(0, data.Count).GroupBy(n => data.Input(n)[0]).Sum(g =>
            g.Sum(n => Math.Pow(data.Label(n)[0] - g.Average(k => data.Label(k)[0]), 2)) / data.Count) / 2;

    /// <summary>w_1(T) of n neurons drawn at random that ride along as tracers, as points of the plane.</summary>
    private static double[][] Carried(Model model, int n, CheckSetting setting, bool start = false)
    {
        var network = model.Embedding.Sample([n, 1], Streams.Replicate(model.Seed, 0));
        var both = model.Embedding.WithTracers(model.InitialLimit(), network);
        var state = start ? both.State : Followed.Limit(model, both, setting).Run.State;
        var w = both.Weights(state.AsSpan(), 1);
        var first = w.Columns - n;
        var points = new double[n][];
        for (var c = 0; c < n; c++) points[c] = [w.Data[first + c], w.Data[w.Stride + first + c]];
        return points;
    }

    /// <summary>The largest distance from a point of the unit disc to the nearest of n carried neurons.</summary>
    private static double Cover(Model model, int n, CheckSetting setting)
    {
        var carried = Carried(model, n, setting);
        const int steps = 40;
        return Enumerable.Range(-steps, 2 * steps + 1).SelectMany(a => Enumerable.Range(-steps, 2 * steps + 1)
                .Select(b => new[] { (double)a / steps, (double)b / steps }))
            .Where(p => p[0] * p[0] + p[1] * p[1] <= 1)
            .Max(p => carried.Min(w => MathNet.Numerics.Distance.Euclidean(p, w)));
    }

    private static Figure RiskFigure(Model model, List<Seen> diverse, List<Seen> flat, double floor) =>
        SeriesFigure.Draw("global-convergence", "Three layers, y even in x_2: risk of the limit from w_1 normal in " +
            "the plane (diverse), and from w_1 normal on a line, which cannot fall below 1/2 E[Var(y | x_1)] " +
            "(dashed); and the largest velocities of the weights of layers 2 and 3 of the diverse limit.",
            model.SaveTimes, new("time t", true), new("risk, velocity", true),
            [
                new("risk, diverse", diverse.Select(s => s.Risk), FigureStyle.Data),
                new("risk, on a line", flat.Select(s => s.Risk), FigureStyle.Warning),
                Curve.Level("its least value", floor, diverse.Count),
                new("sup |dw_3/dt|", diverse.Select(s => s.Third), FigureStyle.OfWidth(0, 2), FigureStyle.CurveWidth),
                new("sup |dw_2/dt|", diverse.Select(s => s.Second), FigureStyle.OfWidth(1, 2), FigureStyle.CurveWidth),
            ]);

    private static Figure SupportFigure(Model model, CheckSetting setting)
    {
        const int shown = 1024;
        Panel Draw(string title, bool start)
        {
            var panel = new Panel(title, new("w_11", false), new("w_12", false));
            var points = Carried(model, shown, setting, start);
            panel.Points(points.Select(p => p[0]), points.Select(p => p[1]), FigureStyle.Data, size: 4);
            return panel;
        }
        return Figure.Of("global-convergence-support", $"The weights w_1 of {shown} neurons carried along by the " +
            $"limit: drawn, and at t = {model.SaveTimes[^1]}. The flow moves them and leaves no part of the " +
            $"plane uncovered.",
            [Draw("t = 0", true), Draw($"t = {model.SaveTimes[^1]}", false)], []);
    }
}
