using MathNet.Numerics;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// Gradient descent on J(pi) = risk + lambda int |a| |w| d pi towards a teacher of three neurons. Neurons start with
/// |a| = |w|, where the weight decay lambda moves them as the penalty does, and ReLU keeps that; J* is certified.
/// Between two kinks of data the first variation is a cosine of the angle of w, of height lambda at a neuron of the
/// minimiser: there angles relax at the rate lambda, whatever the data.
/// </summary>
internal sealed class PenalisedTeacher : ITheoryCheck
{
    private const double Length = 1, Step = 0.05, Rounding = 1e-13;
    private const int Inputs = 64, Directions = 32;

    private static readonly (double A, double[] W)[] Teacher = [(1.5, [1, 0.3]), (-1, [-0.5, 0.9]), (0.8, [-0.4, -1])];

    public string Name => "penalised-teacher";

    public string Claim => "Gradient descent on the risk and lambda int |a| |w|, from directions of neurons that are " +
        "uniform, towards a teacher of finitely many neurons: in a global phase J(pi_k) comes near to the infimum J* " +
        "over all laws, then J(pi_k) - J* falls geometrically in k, here from where the last neuron has crossed a kink " +
        "of the data: until then it rests.";

    public string Source => "Akiyama and Suzuki, arXiv:2106.06251 (there for a variant of gradient descent)";

    /// <summary>The weight decay over the penalty of J.</summary>
    internal double Factor { get; init; } = 1;

    /// <summary>lambda.</summary>
    internal double Penalty { get; init; } = 0.02;

    public CheckResult Run(CheckSetting setting)
    {
        var model = Build(setting);
        var minimum = Minimum(model, setting);
        var limit = Start(model);
        var subject = new Subject(model, limit, setting);
        double Gap(Subject of, double[] state) =>
            of.Outputs(state).Risk + Penalty * Norm(of.Ensemble, state) - minimum.Value;
        var gaps = subject.Watch((_, state) => Gap(subject, state)).Seen.ToArray();
        var times = model.SaveTimes;
        int[] widths = setting.Small ? [16, 64] : [16, 64, 256];
        var networks = setting.Networks(model, widths, 4, network =>
            Gap(network, network.FollowNetwork().Result.State));
        // Clear of the phases before and of rounding.
        int[] last = [.. Enumerable.Range(0, gaps.Length).Where(k => gaps[k] is < 1e-7 and > 100 * Rounding)];
        var global = Array.FindIndex(gaps, gap => gap < 1e-3 * gaps[0]);
        return new(
        [
            Measurement.AtMost("duality gap of J* over J*", minimum.Gap / minimum.Value, 1e-10, "0", "the certificate"),
            Measurement.AtLeast("least J(pi_k) - J*, limit and networks", gaps.Concat(networks.All).Min(), -Rounding,
                "0 or more", "rounding"),
            Measurement.AtMost("time by which J(pi_k) - J* is a thousandth of that at the start",
                global < 0 ? double.PositiveInfinity : times[global], times[^1] / 10, "the global phase",
                "T is finite"),
            Measurement.Vanishing("limit: J(pi_k) - J* at T over that at 0", gaps[^1] / gaps[0], 1e-11),
            Measurement.Near("limit: decay rate of J(pi_k) - J* below 1e-7, over 2 lambda", last.Length < 2
                ? double.NaN
                : Fit.Line([.. last.Select(k => -2 * Penalty * times[k])], [.. last.Select(k => Math.Log(gaps[k]))]).B,
                1, 0.01, "the step, and faster modes", "1: angles go to their places at the rate lambda, J - J* is " +
                "quadratic in them"),
            .. networks.ByWidth.Select((of, i) => Measurement.Vanishing(
                $"networks of {widths[i]} neurons: largest J - J* at T over that of the limit at 0", of.Max() / gaps[0],
                1e-9)),
        ],
        [
            SeriesFigure.Draw(Name, $"Gradient descent in steps of {Step} on the risk and {Penalty} int |a| |w|, a " +
                $"teacher of {Teacher.Length} neurons: J - J* of the limit against time, J* = {minimum.Value:G8}, " +
                "certified; dashed, beside it: e^(-2 lambda t).",
                times, new("time t = k step", false), new("J - J*", true),
                [
                    new("limit", gaps.Select(g => Math.Max(g, Rounding / 100)), FigureStyle.Data),
                    Curve.Dashed("rate 2 lambda", times.Select((t, k) => last.Contains(k)
                        ? 2 * gaps[last[0]] * Math.Exp(-2 * Penalty * (t - times[last[0]])) : double.NaN)),
                ]),
        ], [model]);
    }

    /// <summary>J*: the penalty is a price on the measure of directions of neurons with |w| = 1.</summary>
    private SparseMinimum Minimum(Model model, CheckSetting setting)
    {
        var risk = new DirectionRisk(model, Length);
        return FrankWolfe.Minimise(risk, new Circle(risk.Breaks, risk.Bend), risk.Value([], []) / Penalty, Penalty,
            setting.Machine.Cancellation);
    }

    /// <summary>int |a| |w| d pi.</summary>
    private static double Norm(Ensemble ensemble, double[] state)
    {
        var sum = 0.0;
        var p = ensemble.Masses(1);
        ReadOnlyMatrixView w = ensemble.Weights(state, 1), a = ensemble.Weights(state, 2);
        for (var c = 0; c < p.Length; c++)
            sum += p[c] * Math.Abs(a.Row(c)[0]) * double.Hypot(w.Row(0)[c], w.Row(1)[c]);
        return sum;
    }

    /// <summary>Equally spaced directions, each with a = -1 and a = 1.</summary>
    private static Ensemble Start(Model model)
    {
        var limit = Ensemble.Uniform(model.Embedding.Architecture, [2 * Directions]);
        for (var c = 0; c < 2 * Directions; c++)
        {
            (limit.Weights(1).Row(1)[c], limit.Weights(1).Row(0)[c]) =
                Math.SinCos((c / 2 + 0.5) * Math.Tau / Directions);
            limit.Weights(2).Row(c)[0] = c % 2 == 0 ? 1 : -1;
        }
        return limit;
    }

    private Model Build(CheckSetting setting)
    {
        // E x x^T = 1, as of normal inputs.
        double[][] x = [.. Enumerable.Range(0, Inputs).Select(k => Math.SinCos(k * Math.Tau / Inputs) is var (sin, cos)
            ? new[] { Math.Sqrt(2) * cos, Math.Sqrt(2) * sin } : [])];
        return Model.Build(new()
        {
            Name = Name,
            Seed = (long)setting.Seed,
            Data = new PointsData
            {
                X = x,
                Y = [.. x.Select(p => new[] { Teacher.Sum(n => n.A * Math.Max(0, n.W[0] * p[0] + n.W[1] * p[1])) })],
            },
            Network = new()
            {
                Layers =
                [
                    new()
                    {
                        Weights = new GaussianLaw { Std = 1 },
                        Constraint = WeightConstraint.StartsOnSphere,
                        Activation = "relu",
                    },
                    new() { Weights = new RademacherLaw() },
                ],
            },
            Training = new()
            {
                Loss = "half-squared",
                Time = 1000,
                Method = "euler",
                Step = Step,
                WeightDecay = Factor * Penalty,
            },
            Limit = new() { Types = [new SobolSpec { Nodes = 2 * Directions }], Method = "euler", Step = Step },
            Record = new() { Saves = 200 },
        });
    }
}
