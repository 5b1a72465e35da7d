using MathNet.Numerics.RootFinding;
using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// Two minima of one sharpness, of which SGD leaves the one that is less uniform: f = (f1 + f2) / 2, f1 = min(x^2, 0.1
/// (x - 1)^2), f2 = min(x^2, 1.9 (x - 1)^2).
/// </summary>
internal sealed class Escape : ITheoryCheck
{
    private const double Z = 4, Start = 1e-5, Shown = 0.7, Between = 0.556, Beyond = 0.6, Rounding = 1e-12;
    private const int Early = 300, Late = 3000, ShownSteps = 100;

    // Of f2 is quadratic about x = 1 down to x = sqrt(1.9) / (1 + sqrt(1.9)), a distance of 0.42; beyond 1 further.
    private static readonly double Basin = 1 / (1 + Math.Sqrt(1.9));

    // Second derivatives of f1 and f2 at 1; at 0 both are 2.
    private static readonly double[] AtOne = [0.2, 3.8], AtZero = [2, 2];
    private static readonly double[] Sides = [0.95, 1.05], Minima = [0, 1];

    public string Name => "escape";

    public string Claim => "At x = 0 and x = 1 the sharpness is 2, and gradient descent stays at both for eta < 1. " +
        "SGD on one function a step stays at 0 for eta < 1, at 1 in mean square for eta < 4 / 7.24 = 0.5525, almost " +
        "surely for eta < (4 - sqrt 9.92) / 1.52 = 0.5595: between, paths that leave are rarer than (start / " +
        "basin)^kappa, E |1 - eta f''|^kappa = 1.";

    public string Source => "Wu, Ma and E, NeurIPS 2018; the bound is Doob's, for the martingale |e|^kappa";

    /// <summary>What f2 is multiplied by at x = 1; 1 in theory.</summary>
    internal double Factor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        var runs = setting.Small ? 1000 : 4000;
        double[] steps = [.. Enumerable.Range(0, 16).Select(k => 0.5 + 0.01 * k), 0.675, Shown];
        var shares = setting.Each([.. steps.Index().Select(s => s.Index)], 1,
            (s, _) => Shares(setting.Seed, steps[s], runs, 1 - Start)).All;
        var between = Shares(setting.Seed, Between, runs, 1 - Start).Late;
        var beyond = Shares(setting.Seed, Beyond, runs, 1 - Start).Late;
        var kappa = Brent.FindRoot(k => AtOne.Average(h => Math.Pow(Math.Abs(1 - Between * h), k)) - 1, 0.05, 20,
            1e-12);
        var rare = Math.Pow(Start / Basin, kappa);
        var (one, zero) = (Of(AtOne), Of(AtZero));
        var largest = new BatchStability(one, 1).LargestStep;
        var almostSure = new BatchPaths(one, 1, Streams.Stability(setting.Seed, 1))
            .AlmostSureStep(largest, setting.Small ? 4000 : 20_000, paths: 32);
        return new(
        [
            Measurement.Near("largest step at x = 1, in mean square", largest, 4 / 7.24, Rounding, "rounding"),
            Measurement.Near("largest step at x = 0, in mean square", new BatchStability(zero, 1).LargestStep, 1,
                Rounding, "rounding"),
            Measurement.Near("step from which on paths leave x = 1", almostSure.Value, (4 - Math.Sqrt(9.92)) / 1.52,
                Z * almostSure.Error, $"z = {Z} standard errors"),
            .. Sides.SelectMany(eta => Minima.Select(at => eta < 1
                ? Measurement.AtMost($"gradient descent, eta = {eta}: distance from x = {at} after {Early} steps",
                    Math.Abs(Descend(eta, at) - at), Start, "below that at the start", "the claim")
                : Measurement.AtLeast($"gradient descent, eta = {eta}: the same from x = {at}",
                    Math.Abs(Descend(eta, at) - at), 100 * Start, "leaves", "the claim"))),
            Measurement.Zero($"share of {runs} paths of SGD that end elsewhere from x = 0, eta = 0.95",
                1 - Shares(setting.Seed, 0.95, runs, Start).Late, 0, "the claim: both functions are x^2 about it"),
            Measurement.AtMost($"share of {runs} paths of SGD that go from x = 1 to 0 in {Late} steps, eta = {Between}",
                between, rare + Z * Math.Sqrt(rare / runs), FormattableString.Invariant($"{rare:G3} or less"),
                FormattableString.Invariant($"kappa = {kappa:0.###}, and z = {Z} standard errors")),
            Measurement.AtLeast($"the same, eta = {Beyond}", beyond, 1, "1",
                $"{Late} steps are sixteen times those in which |e| grows from the start to the basin in the mean"),
        ],
        [Trajectories(setting.Seed), Share(steps, [.. shares.Select(s => s.Early)], [.. shares.Select(s => s.Late)])],
        []);
    }

    private static SampledQuadratic Of(double[] curvatures) =>
        SampledQuadratic.OfRows([.. curvatures.Select(Math.Sqrt)], curvatures.Length, 1);

    private double Curvature(int function) => function == 0 ? 0.1 : 1.9 * Factor;

    private double Value(int function, double x) => Math.Min(x * x, Curvature(function) * (x - 1) * (x - 1));

    private double Slope(int function, double x) =>
        x * x < Curvature(function) * (x - 1) * (x - 1) ? 2 * x : 2 * Curvature(function) * (x - 1);

    /// <summary>x after steps of gradient descent from beside a point.</summary>
    private double Descend(double step, double from)
    {
        var x = from + (from == 0 ? Start : -Start);
        for (var k = 0; k < Early; k++) x -= step * (Slope(0, x) + Slope(1, x)) / 2;
        return x;
    }

    /// <summary>Shares of paths that are at x = 0 after few and after many steps.</summary>
    private (double Early, double Late) Shares(ulong seed, double step, int runs, double from)
    {
        var (early, late) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var (k, there) = (0, false);
            foreach (var x in Path(seed, step, run, from).Take(Late))
            {
                there = Math.Abs(x) < 0.2;
                if (++k == Early && there) early++;
            }
            if (there) late++;
        }
        return ((double)early / runs, (double)late / runs);
    }

    /// <summary>x after each step of SGD on one of both functions.</summary>
    private IEnumerable<double> Path(ulong seed, double step, int run, double from)
    {
        var draws = Streams.Stability(seed, 2).Substream((ulong)run);
        var (x, bits) = (from, 0UL);
        for (var k = 0; ; k++)
        {
            bits = k % 64 == 0 ? draws.Bits((ulong)(k / 64)) : bits >> 1;
            x -= step * Slope((int)(bits & 1), x);
            yield return x;
        }
    }

    private Figure Trajectories(ulong seed)
    {
        double[] sgd = [1 - Start, .. Path(seed, Shown, 0, 1 - Start).Take(ShownSteps)];
        var descent = new double[sgd.Length];
        descent[0] = 1 - Start;
        for (var k = 1; k < descent.Length; k++)
            descent[k] = descent[k - 1] - Shown * (Slope(0, descent[k - 1]) + Slope(1, descent[k - 1])) / 2;
        double[] ks = [.. sgd.Select((_, k) => (double)k)];
        var (place, value) = (new Panel("", new("steps", false), new("x", false)),
            new Panel("", new("steps", false), new("objective f(x)", false)));
        foreach (var (xs, color) in new[] { (descent, FigureStyle.Limit), (sgd, FigureStyle.Data) })
        {
            place.Curve(ks, xs, color, FigureStyle.CurveWidth);
            value.Curve(ks, xs.Select(x => (Value(0, x) + Value(1, x)) / 2), color, FigureStyle.CurveWidth);
        }
        return Figure.Of(Name, $"Gradient descent and SGD with eta = {Shown} from x = 1 - 1e-5: both minima have the " +
            "sharpness 2, and SGD leaves the one where the functions differ.", [place, value],
            [
                FigureStyle.Entry("gradient descent", FigureStyle.Limit, FigureStyle.CurveWidth),
                FigureStyle.Entry("SGD, one function a step", FigureStyle.Data, FigureStyle.CurveWidth),
            ]);
    }

    private static Figure Share(double[] steps, double[] early, double[] late)
    {
        var panel = new Panel("", new("step \u03b7", false), new("share of paths at x = 0", false));
        (double At, Color Color)[] thresholds =
            [(4 / 7.24, FigureStyle.Warning), ((4 - Math.Sqrt(9.92)) / 1.52, FigureStyle.Limit)];
        foreach (var (at, color) in thresholds)
            panel.Curve([at, at], [0, 1], color, FigureStyle.CurveWidth, LinePattern.Dashed);
        foreach (var (i, shares) in new[] { early, late }.Index())
        {
            panel.Curve(steps, shares, FigureStyle.OfWidth(i, 2), FigureStyle.CurveWidth);
            panel.Points(steps, shares, FigureStyle.OfWidth(i, 2), shape: FigureStyle.ShapeOf(i));
        }
        return Figure.Of("escape-share", "Share of paths of SGD from x = 1 - 1e-5 that are at x = 0 later, against " +
            "the step, and the steps up to which x = 1 is stable in mean square and almost surely.", [panel],
            [
                FigureStyle.PointEntry($"after {Early} steps", FigureStyle.OfWidth(0, 2), FigureStyle.ShapeOf(0),
                    FigureStyle.CurveWidth),
                FigureStyle.PointEntry($"after {Late} steps", FigureStyle.OfWidth(1, 2), FigureStyle.ShapeOf(1),
                    FigureStyle.CurveWidth),
                FigureStyle.Entry("mean square", FigureStyle.Warning, FigureStyle.CurveWidth, LinePattern.Dashed),
                FigureStyle.Entry("almost sure", FigureStyle.Limit, FigureStyle.CurveWidth, LinePattern.Dashed),
            ]);
    }
}
