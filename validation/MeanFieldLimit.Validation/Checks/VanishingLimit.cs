
namespace MeanFieldLimit.Validation.Checks;

/// <summary>The limit that does not move: s(0) = 0, centred weights, three hidden layers or more.</summary>
internal sealed class VanishingLimit : ITheoryCheck
{
    public string Name => "vanishing-limit";

    public string Claim => "If s(0) = 0 and the initialization is centred, the mean-field limit of a network with " +
        "three hidden layers or more vanishes: its outputs are zero and it does not move.";

    public string Source => "Golikov, arXiv:2003.05884; the powers of N by counting one factor N^(-1/2) for each " +
        "centred sum";

    /// <summary>Mean of the weights from layer 2 on.</summary>
    internal double Mean { get; init; }

    public CheckResult Run(CheckSetting setting)
    {
        Model Build(int depth, string s = "tanh") => new DeepProblem($"vanishing-{s}-{depth}", depth)
        {
            Weights = new GaussianLaw { Mean = Mean, Std = 1 },
            Activation = s,
            Time = 2,
        }.Build(setting);

        Model[] models = [Build(3), Build(4), Build(5), Build(4, "sigmoid")];
        int[] widths = setting.Small ? [25, 50, 100, 200] : [50, 100, 200, 400, 800];
        var starts = models[..3].Select(model =>
            setting.Networks(model, widths, setting.Small ? 64 : 256, AtStart)).ToArray();
        Decay[] outputs = [.. starts.Select((of, k) =>
            of.Decay($"|yhat| at t = 0, L = {k + 3}", -(k + 2) / 2.0, n => n.Output))];
        Decay[] speeds = [.. starts.Select((of, k) =>
            of.Decay($"|velocity| at t = 0, L = {k + 3}", -k / 2.0, n => n.Speed))];
        var moved = setting.Networks(models[1], setting.Small ? [50, 100, 200] : [50, 100, 200, 400],
            setting.Small ? 12 : 32, network => network.FollowNetwork().Trajectory.Predictions)
            .Decay("|yhat(T) - yhat(0)|, L = 4", -1, yhat => Rms([.. yhat[^1].Zip(yhat[0], (a, b) => a - b)]));
        return new(
        [
            .. models[1..3].SelectMany(model => Vanished(SplitLimit.Of(model, setting))),
            Measurement.AtLeast("L = 3, limit: |velocity| at t = 0", AtStart(SplitLimit.Of(models[0], setting)).Speed,
                1e-2, "not 0", "two hidden layers do move"),
            Measurement.AtLeast("L = 4, sigmoid, limit: |velocity| at t = 0",
                AtStart(SplitLimit.Of(models[3], setting)).Speed, 1e-2, "not 0", "s(0) = 1/2: the last layer moves"),
            .. outputs.Concat(speeds).Append(moved).Select(d => d.Verdict),
        ],
        [
            Decay.Draw(Name, "Centred Gaussian weights, tanh, at initialization: rms of the outputs (y) and " +
                "root of the mean-field norm of the velocity (v) of networks of L layers, geometric means over " +
                "seeds, against the width; dashed: N^(-(L-1)/2) for y, N^(-(L-3)/2) for v. With two hidden layers " +
                "(L = 3) the velocity stays, with more it vanishes.", "rms of outputs y, velocity v",
                [.. outputs.Select((d, k) => ($"y, L = {k + 3}", d)),
                    .. speeds.Select((d, k) => ($"v, L = {k + 3}", d))]),
        ], models);
    }

    private static IEnumerable<Measurement> Vanished(Subject limit)
    {
        var depth = limit.Ensemble.Depth;
        const string reason = "rounding: of sums over some hundred neurons, grown over the run";
        yield return Measurement.Zero($"L = {depth}, limit: |velocity| at t = 0", AtStart(limit).Speed, 1e-13, reason);
        yield return Measurement.Zero($"L = {depth}, limit: largest |yhat| over points and time",
            limit.FollowLimit().Trajectory.Predictions.Max(p => p.Max(Math.Abs)), 1e-13, reason);
    }

    /// <summary>rms of the outputs, and |velocity|, the root of the mass-weighted mean squares of all layers.</summary>
    private static (double Output, double Speed) AtStart(Subject subject)
    {
        var start = subject.Ensemble.State;
        return (Rms(subject.Outputs(start).Predictions),
            Math.Sqrt(subject.Ensemble.SquaredMassNorm(subject.Velocity(start))));
    }

    private static double Rms(double[] values) => Math.Sqrt(values.Average(v => v * v));
}
