using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>
/// A small problem in a scaling drawn at random: one hidden layer, up to three for the kernel, any activation and loss
/// that it has a limit with, a few points, flow or gradient descent, the width ratio kept or not; and its finer twins.
/// </summary>
internal static class RandomScaling
{
    private static readonly string[] Smooth = ["tanh", "erf", "sigmoid", "gelu", "softplus", "sine"];
    private static readonly string[] Kinked = ["relu", "leaky-relu"];

    /// <summary>Problem number <paramref name="index"/> of a seed; kinds take turns.</summary>
    internal static RandomProblem Draw(ulong seed, int index)
    {
        var draw = new Draws(new(seed, 1_000_000 + (ulong)index));
        var kind = Enum.GetValues<ScalingKind>()[index % Enum.GetValues<ScalingKind>().Length];
        double? ratio = kind == ScalingKind.Exponents || draw.OneIn(3) ? Math.Pow(2, draw.Between(-1, 5)) : null;
        var saturates = ratio is null && kind is ScalingKind.SymDefault or ScalingKind.Default;
        var (isKernel, kinked) = (kind == ScalingKind.Ntk && ratio is null, draw.OneIn(4));
        var (inputs, points, hidden) = (1 + draw.Below(2), 3 + draw.Below(4), isKernel ? 1 + draw.Below(3) : 1);
        var loss = saturates || (isKernel ? !draw.OneIn(4) : draw.OneIn(2)) ? "logistic" : "half-squared";
        var descends = saturates || (isKernel ? draw.OneIn(4) : draw.OneIn(2));
        var (width, activation) = (Math.Pow(2, draw.Between(2, 8)), draw.OneOf(kinked ? Kinked : Smooth));
        var (steps, step) = (1 + draw.Below(8), loss == "logistic" ? draw.Between(0.3, 1) : draw.Between(0.05, 0.3));
        var problem = new Problem
        {
            Name = $"random {index}",
            Seed = index,
            Data = draw.Points(points, inputs, signs: loss == "logistic"),
            Network = new()
            {
                Layers = [.. Enumerable.Range(0, hidden + 1).Select(i => new LayerSpec
                {
                    Weights = new GaussianLaw { Std = draw.Between(0.5, 1.5) },
                    Activation = i < hidden ? activation : null,
                    Rate = new ConstantRate { Value = draw.Between(0.3, 2) },
                })],
            },
            Scaling = new()
            {
                Kind = kind,
                Width = width,
                Factor = draw.Between(0.5, 1.2) / Math.Sqrt(width),
                Sum = kind == ScalingKind.Exponents ? draw.Between(-1, -0.5) : null,
                Outgoing = kind == ScalingKind.Exponents ? draw.Between(-0.5, 0.5) : null,
                Incoming = kind == ScalingKind.Exponents ? draw.Between(-0.5, 0.5) : null,
            },
            Training = new() { Loss = loss, Time = steps * step },
            Record = new() { Saves = steps },
        };
        var tolerance = Math.Pow(10, -draw.Between(3, 8));
        // Fixed steps at kinks, as in RandomProblem.
        LimitSpec Timed(double finer) => descends ? new() { Method = "euler", Step = step }
            : kinked && !isKernel ? new() { Method = "runge-kutta-4", Step = step / (finer == 1 ? 4 : 16) }
            : new() { Tolerance = finer == 1 ? tolerance : finer };
        Problem With(LimitSpec limit, RuleSpec rule) => problem with
        {
            Limit = limit with
            {
                Types = [.. Enumerable.Repeat(rule, hidden)],
                Coordinates = Coordinates.Natural,
                Ratio = ratio,
                Initial = new() { Draw = 0 },
            },
        };
        var (truth, check) = Fine(inputs, kinked);
        return new(With(Timed(1), Rule(draw, inputs)), With(Timed(1e-12), truth), With(Timed(1e-11), check));
    }

    /// <summary>A rule of a size that leaves an error.</summary>
    private static RuleSpec Rule(Draws draw, int inputs) => draw.Below(5) switch
    {
        0 => new GaussSpec { Nodes = (inputs == 1 ? 6 : 4) + draw.Below(inputs == 1 ? 14 : 8) },
        1 => new PanelSpec { Nodes = 8 * (1 + draw.Below(inputs == 1 ? 3 : 2)) },
        2 => new SobolSpec { Nodes = 128 << draw.Below(4) },
        3 => new MonteCarloSpec { Nodes = 100 + draw.Below(900) },
        _ => new MidpointSpec
        {
            Nodes = 8 + draw.Below(inputs == 1 ? 20 : 10),
            Reach = draw.Between(4, 6),
            Last = 4 + draw.Below(5),
        },
    };

    private static (RuleSpec Truth, RuleSpec Check) Fine(int inputs, bool kinked) => (inputs, kinked) switch
    {
        (1, false) => (new MidpointSpec { Nodes = 160, Reach = 8, Last = 24 }, new GaussSpec { Nodes = 72 }),
        (1, true) => (new PanelSpec { Nodes = 160 }, new SobolSpec { Nodes = 16384 }),
        (_, false) => (new MidpointSpec { Nodes = 56, Reach = 7, Last = 12 }, new GaussSpec { Nodes = 36 }),
        (_, true) => (new PanelSpec { Nodes = 40 }, new SobolSpec { Nodes = 65536 }),
    };
}
