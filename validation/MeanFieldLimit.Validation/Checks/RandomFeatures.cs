using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Bias;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Wide networks on few points: they are their random features for all time.</summary>
internal sealed class RandomFeatures : ITheoryCheck
{
    private const int Inputs = 3;
    private const double Step = 1;

    public string Name => "random-features";

    public string Claim => "Gradient descent on f = sum_j a_j s(<b_j, x>), s = relu, a = 0 and b ~ N(0, I / d) at " +
        "first, stays within O(1/m) of that on a alone, for all time and all inputs, and B within O(1/m) of its " +
        "start, if the width m is large against the number of points.";

    public string Source => "E, Ma and Wu, arXiv:1904.04326: upper bounds";

    /// <summary>n; the theorem asks for widths far above it.</summary>
    internal int Points { get; init; } = 6;

    /// <summary>The narrowest networks.</summary>
    internal int Least { get; init; } = 64;

    /// <summary>How far it descends, in the time of the mean-field scaling.</summary>
    internal double Time { get; init; } = 1000;

    public CheckResult Run(CheckSetting setting)
    {
        var model = Build(setting);
        int[] widths = [.. Enumerable.Range(0, setting.Small ? 4 : 6).Select(k => Least << k)];
        var of = new TeacherStudent(model);
        var runs = setting.Each(widths, setting.Small ? 4 : 8, (width, replicate) => SampleRun.Of(
            of.Sample(Points, replicate), width, replicate, isScaled: false, setting.Machine.Cancellation));
        Series gaps = Rms("sup |f - f_rf|", run => run.Gaps.Max()), moved = Rms("|B - B_0|", run => run.Moved);
        return new(
        [
            Bound("exponent of the width in sup_t |f - f_rf|, rms over inputs and seeds", gaps),
            Bound("the same in |B - B_0|", moved),
            Measurement.AtMost("risk on the points at the end, over that at the start, the largest",
                runs.All.Max(run => run.Network.Train[^1] / run.Network.Train[0]), 0.05, "to 0", "the time is finite"),
        ],
        [
            SeriesFigure.Draw(Name, "Gradient descent on all parameters beside that on outgoing weights alone, " +
                $"{Points} points in dimension {Inputs}: their largest distance in time, and how far incoming " +
                "weights move, against the width; dashed: 1 / m, the bound.", Scale.Widths(widths),
                new("distance", true),
                [gaps, moved]),
        ], [model]);

        Series Rms(string label, Func<SampleRun, double> of) => new(label, widths,
            [.. runs.ByWidth.Select(those => Math.Sqrt(those.Average(run => of(run) * of(run))))])
        {
            Theory = -1,
        };

        Measurement Bound(string quantity, Series series) => Measurement.AtMost(quantity,
            PowerLaw.LogSlope([.. widths.Select(m => Math.Log(m))], series.Ys), -1, "-1 or less",
            "the theorem's bound");
    }

    private Model Build(CheckSetting setting) => Model.Build(new Problem
    {
        Name = Name,
        Seed = (long)setting.Seed,
        Data = new SyntheticData
        {
            Dimension = Inputs,
            Points = Points,
            Teacher = new() { Activation = "relu", Neurons = [new() { A = 1, W = [1, 0, 0] }] },
        },
        Network = new()
        {
            Layers =
            [
                new() { Weights = new GaussianLaw { Std = 1 / Math.Sqrt(Inputs) }, Activation = "relu" },
                new() { Weights = new ConstantLaw { Value = 0 } },
            ],
        },
        Training = new() { Loss = "squared", Time = Time, Method = "euler", Step = Step },
        Record = new() { Saves = 40 },
        Bias = new() { Samples = [Points] },
    });
}
