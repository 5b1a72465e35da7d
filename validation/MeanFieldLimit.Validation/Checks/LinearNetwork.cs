using MathNet.Numerics;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>A limit with a closed form: two linear layers, one input.</summary>
internal sealed class LinearNetwork : ITheoryCheck
{
    private static readonly double[] X = [-1.2, 0.5, 1, 1.7], Y = [-0.4, 1.1, 1.3, 2.6];

    public string Name => "linear-network";

    public string Claim => "The limit of f(x) = E[a w x] under the gradient flow from independent standard normal " +
        "a, w is f(x) = M(t) x with M' = -2 sqrt(1 + M^2) (E[x^2] M - E[x y]), and finite networks are O(1/sqrt N) " +
        "from it.";

    public string Source => "a + w and a - w grow by the factors exp(-theta) and exp(theta), theta' = E[x^2] M - " +
        "E[x y], so M = -sinh(2 theta); integrated in closed form";

    /// <summary>Learning rate of both layers; the closed form has 1.</summary>
    internal double Rate { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        var layer = new LayerSpec { Weights = new GaussianLaw { Std = 1 }, Rate = new ConstantRate { Value = Rate } };
        var model = Model.Build(new()
        {
            Name = Name,
            Seed = (long)setting.Seed,
            Data = new PointsData { X = [.. X.Select(x => new[] { x })], Y = [.. Y.Select(y => new[] { y })] },
            Network = new() { Layers = [layer with { Activation = "identity" }, layer] },
            Training = new() { Loss = "half-squared", Time = 1.5, Tolerance = 1e-7 },
            Limit = new() { Types = [new GaussSpec { Nodes = 4 }], Tolerance = 1e-11 },
            Record = new() { Saves = 20 },
        });
        var times = model.SaveTimes;
        double[] exact = [.. times.Select(Exact)];
        var limit = Slopes(Subject.Limit(model, setting).FollowLimit());
        var gap = setting.Networks(model, setting.Small ? [50, 100, 200, 400] : [50, 100, 200, 400, 800, 1600],
            setting.Small ? 100 : 400, network => Distance.Chebyshev(Slopes(network.FollowNetwork()), exact))
            .Decay("the largest gap of M to the closed form", -0.5, g => g);

        var panel = new Panel("", new("time t", false), new("M(t) = f(x)/x", false)) { FromZero = true };
        panel.Curve(times, exact, FigureStyle.Data, FigureStyle.LimitWidth);
        panel.Points(times, limit, FigureStyle.Limit);
        return new(
        [
            Measurement.Zero("limit: largest |M - closed form| over time", Distance.Chebyshev(limit, exact), 1e-9,
                "a hundred times the tolerance of the run; four Gauss nodes integrate the squares exactly"),
            gap.Verdict,
        ],
        [
            Figure.Of(Name, "The slope M(t) of the function that two linear layers compute: the limit as solved, at " +
                "its save times, on the closed form.", [panel],
                [
                    FigureStyle.Entry("closed form", FigureStyle.Data, FigureStyle.LimitWidth),
                    FigureStyle.PointEntry("limit", FigureStyle.Limit),
                ]),
            Decay.Draw("linear-network-gap", "Largest gap over time between M of finite networks and the closed " +
                "form, geometric mean over seeds, against the width; dashed: N^(-1/2).", "gap of M", [("gap", gap)]),
        ], [model]);
    }

    /// <summary>
    /// M(t): with u = 2 theta, u' = -2 sigma^2 (sinh u + kappa), kappa = E[x y]/sigma^2, sigma^2 = E[x^2], and
    /// z = tanh(u/2): (z - z+)/(z - z-) = (z+/z-) exp(2 sigma^2 r t), z+- = (1 +- r)/kappa, r = sqrt(1 + kappa^2).
    /// </summary>
    internal static double Exact(double t)
    {
        var square = X.Average(x => x * x);
        var kappa = X.Zip(Y, (x, y) => x * y).Average() / square;
        var r = Math.Sqrt(1 + kappa * kappa);
        var (plus, minus) = ((1 + r) / kappa, (1 - r) / kappa);
        // Multiplied by exp(-2 sigma^2 r t), which does not overflow.
        var decay = Math.Exp(-2 * square * r * t);
        var z = (plus * decay - plus / minus * minus) / (decay - plus / minus);
        return -2 * z / (1 - z * z);
    }

    // f(x_0) / x_0: predictions are linear in x.
    private static double[] Slopes(Trained trained) => [.. trained.Trajectory.Predictions.Select(p => p[0] / X[0])];
}
