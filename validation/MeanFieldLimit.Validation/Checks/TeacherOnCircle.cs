using MathNet.Numerics;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// Neurons on the circle that learn the uniform law of neurons, E ReLU(&lt;w, x> + b) = const for |x| = 1. ReLU has no
/// odd harmonics from the third on, so that the risk does not see those of the law; a bias gives it all of them.
/// </summary>
internal sealed class TeacherOnCircle : ITheoryCheck
{
    private const double Bias = 0.5;

    public string Name => "teacher-on-circle";

    public string Claim => "Neurons on the unit circle, ReLU, teacher law pi* uniform, from a density that is not: " +
        "W2(pi_t, pi*) goes to 0. So it does where the harmonics that the risk does not see, the odd ones from the " +
        "third on, are 0 by symmetry, or a bias makes it see them; else the risk goes to 0 and W2 does not.";

    public string Source => "E, Ma and Wu (2019), as a talk on the mean-field view states it, without the condition";

    /// <summary>What the third harmonic of the initial density is where it is claimed to be none.</summary>
    internal double Third { get; init; }

    public CheckResult Run(CheckSetting setting)
    {
        // cos(2 t) and cos(4 t) keep the law the same under w -> -w.
        var even = Follow(setting, 0, t => 1 + 0.5 * Math.Cos(2 * t) + Third * Math.Cos(3 * t) + 0.3 * Math.Cos(4 * t),
            80);
        var general = Follow(setting, 0, t => 1 + 0.5 * Math.Cos(t) + 0.4 * Math.Cos(3 * t), 80);
        var still = Follow(setting, 0, t => 1 + 0.9 * Math.Cos(3 * t), 80);
        var biased = Follow(setting, Bias, t => 1 + 0.5 * Math.Cos(t) + 0.4 * Math.Cos(3 * t),
            setting.Small ? 240 : 800);
        var times = even.Model.SaveTimes;
        var late = times.Length / 2;
        return new(
        [
            Measurement.Near("risk at t = 0 of the even density over its closed form in arc-cosine kernels",
                even.Seen[0].Risk / even.Closed, 1, 1e-3, "inputs are a grid of the circle"),
            Measurement.Vanishing("no bias, even density: W2 at T over that at 0", even.Fall(s => s.Distance), 0.05),
            Measurement.Near("the same: decay rate of E cos(4 theta) from T / 2 on", Fit.Line([.. times[late..]],
                [.. even.Seen[late..].Select(s => -Math.Log(Math.Abs(s.Harmonics[4])))]).B, Rate(4, 0), 0.01,
                "products of lower harmonics, and grids of neurons and inputs", "16 / 225, linearised at pi*"),
            Measurement.Vanishing("no bias, any density: risk at T over that at 0", general.Fall(s => s.Risk), 1e-4),
            Measurement.Near("the same: W2 at T over sqrt(2) |E cos(3 theta)| / 3 then, where the talk has 0",
                general.Seen[^1].Distance / (Math.Sqrt(2) * Math.Abs(general.Seen[^1].Harmonics[3]) / 3), 1, 0.1,
                "second order in that harmonic, and those above", "linearised at pi*: neurons move by eps sin(3 " +
                "theta) / 3 for a density 1 + eps cos(3 theta)"),
            Measurement.AtLeast("the same: |E cos(3 theta)| at T over that at 0", general.Fall(s =>
                Math.Abs(s.Harmonics[3])), 0.5, "1 for small harmonics", "products of harmonics change it in passing"),
            Measurement.Zero("no bias, 1 + 0.9 cos(3 theta): risk at 0", still.Seen[0].Risk, 1e-7, "grids"),
            Measurement.Near("the same: W2 at T over that at 0", still.Fall(s => s.Distance), 1, 1e-3, "grids"),
            Measurement.Vanishing($"bias {Bias}, the same density: |E cos(3 theta)| at T over that at 0",
                biased.Fall(s => Math.Abs(s.Harmonics[3])), setting.Small ? 0.05 : 1e-3),
            Measurement.Vanishing("the same: W2 at T over that at 0", biased.Fall(s => s.Distance),
                setting.Small ? 0.1 : 0.05),
        ],
        [
            SeriesFigure.Draw(Name, "W2 of the law of neurons on the circle to the uniform law of the teacher, in " +
                "radians, against time; ReLU without bias, densities with even harmonics alone, with the first and " +
                $"third, with the third alone; and with the bias {Bias}, time then divided by " +
                $"{biased.Model.SaveTimes[^1] / times[^1]:G}.", times, new("time t", false),
                new("W2 to the uniform law", true),
                [
                    new("no bias, even harmonics", even.Seen.Select(s => s.Distance), FigureStyle.Data),
                    new("no bias, first and third", general.Seen.Select(s => s.Distance), FigureStyle.Warning),
                    Curve.Thin("no bias, third", still.Seen.Select(s => s.Distance), FigureStyle.Warning),
                    Curve.Thin("bias, first and third", biased.Seen.Select(s => s.Distance), FigureStyle.OfWidth(0, 2)),
                ]),
        ], [even.Model, biased.Model]);
    }

    private readonly record struct Seen(double Risk, double Distance, double[] Harmonics);

    private sealed record Followed(Model Model, Seen[] Seen, double Closed)
    {
        internal double Fall(Func<Seen, double> of) => of(Seen[^1]) / of(Seen[0]);
    }

    /// <summary>The flow of a law of neurons of a density (times 2 pi) on a grid of angles.</summary>
    private Followed Follow(CheckSetting setting, double bias, Func<double, double> density, double time)
    {
        var (model, nodes) = (Build(setting, bias, time), setting.Small ? 512 : 1024);
        double[] angles = [.. Enumerable.Range(0, nodes).Select(k => (k + 0.5) * Math.Tau / nodes)],
            masses = [.. angles.Select(t => density(t) / nodes)];
        var limit = new Ensemble(model.Embedding.Architecture, [masses]);
        for (var c = 0; c < nodes; c++)
            (limit.Weights(1).Row(1)[c], limit.Weights(1).Row(0)[c]) = Math.SinCos(angles[c]);
        limit.Weights(2).Data.Fill(1 / Harmonic(0, bias));
        limit.Biases(1).Fill(bias);
        var subject = new Subject(model, limit, setting);
        var seen = subject.Watch((_, state) =>
        {
            var w = limit.Weights(state, 1);
            double[] places = new double[nodes];
            for (var c = 0; c < nodes; c++) places[c] = Math.Atan2(w.Row(1)[c], w.Row(0)[c]);
            return new Seen(subject.Outputs(state).Risk, WassersteinCircle.ToUniform(new(1, places, masses)),
                [.. Enumerable.Range(0, 5).Select(n => places.Zip(masses, (t, m) => m * Math.Cos(n * t)).Sum())]);
        }).Seen;
        return new(model, [.. seen], ClosedRisk(angles, masses));
    }

    /// <summary>
    /// E_x[(int a ReLU(&lt;w, x>) d pi - 1)^2] / 2 for x uniform on the circle, a = pi: E_x ReLU(&lt;w, x>) = 1 / pi,
    /// E_x of the product of two neurons at an angle t is (sin t + (pi - t) cos t) / (4 pi) (Cho and Saul 2009).
    /// </summary>
    private static double ClosedRisk(double[] angles, double[] masses)
    {
        double Kernel(double t) => (Math.Sin(t) + (Math.PI - t) * Math.Cos(t)) / (4 * Math.PI);
        var pairs = 0.0;
        for (var i = 0; i < angles.Length; i++)
            for (var j = 0; j < angles.Length; j++)
                pairs += masses[i] * masses[j] * Kernel(Math.Abs(Math.IEEERemainder(angles[i] - angles[j], Math.Tau)));
        return (Math.PI * Math.PI * pairs - 1) / 2;
    }

    /// <summary>(n a c_n)^2: the harmonic n of a law near the uniform one decays at this rate.</summary>
    private static double Rate(int n, double bias) => Math.Pow(n * Harmonic(n, bias) / Harmonic(0, bias), 2);

    /// <summary>c_n = int ReLU(cos t + b) cos(n t) dt / 2 pi; with cos z = -b, 0 &lt;= t &lt;= z.</summary>
    private static double Harmonic(int n, double bias)
    {
        var z = Math.Acos(-bias);
        double Sine(int k) => k == 0 ? z : Math.Sin(k * z) / k;
        return ((Sine(n + 1) + Sine(Math.Abs(n - 1))) / 2 + bias * Sine(n)) / Math.PI;
    }

    private Model Build(CheckSetting setting, double bias, double time) => Model.Build(new()
    {
        Name = bias == 0 ? Name : $"{Name}-bias",
        Seed = (long)setting.Seed,
        Data = new SyntheticData
        {
            Inputs = InputLaw.Sphere,
            Dimension = 2,
            Expectation = new GaussSpec { Nodes = setting.Small ? 128 : 256 },
            Target = "norm",
        },
        Network = new()
        {
            Biases = bias == 0 ? BiasMode.None : BiasMode.Frozen,
            Layers =
            [
                new()
                {
                    Weights = new GaussianLaw { Std = 1 },
                    Constraint = WeightConstraint.Sphere,
                    Activation = "relu",
                    Bias = bias == 0 ? null : new ConstantLaw { Value = bias },
                },
                new()
                {
                    Weights = new ConstantLaw { Value = 1 / Harmonic(0, bias) },
                    Rate = new ConstantRate { Value = 0 },
                },
            ],
        },
        Training = new() { Loss = "half-squared", Time = time },
        Limit = new() { Types = [new SobolSpec { Nodes = 1024 }], Tolerance = 1e-6 },
        Record = new() { Saves = 40, Points = 100 },
    });
}
