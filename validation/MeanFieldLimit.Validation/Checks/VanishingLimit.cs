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
        Model Build(int depth, string activation = "tanh") =>
            new DeepProblem($"vanishing-{activation}-{depth}", depth)
            {
                Weights = new GaussianLaw { Mean = Mean, Std = 1 },
                Activation = activation,
                Time = 2,
            }.Build(setting);

        var (three, four, five, sigmoid) = (Build(3), Build(4), Build(5), Build(4, "sigmoid"));
        int[] widths = setting.Small ? [25, 50, 100, 200] : [50, 100, 200, 400, 800];
        var starts = setting.Small ? 64 : 256;
        var (outputs, speeds) = (new List<Decay>(), new List<Decay>());
        foreach (var model in (Model[])[three, four, five])
        {
            var depth = model.Embedding.Architecture.Depth;
            var networks = setting.Networks(widths, starts, (width, replicate) =>
                AtStart(model, DeepProblem.Sample(model, width, replicate), setting));
            outputs.Add(Decay.Of($"|yhat| at t = 0, L = {depth}", widths, networks, n => n.Output));
            speeds.Add(Decay.Of($"|velocity| at t = 0, L = {depth}", widths, networks, n => n.Speed));
        }
        int[] trained = setting.Small ? [50, 100, 200] : [50, 100, 200, 400];
        var moved = Decay.Of("|yhat(T) - yhat(0)|, L = 4", trained,
            setting.Networks(trained, setting.Small ? 12 : 32, (width, replicate) =>
                Moved(model: four, DeepProblem.Sample(four, width, replicate), setting)), m => m);

        return new(
        [
            .. ((Model[])[four, five]).SelectMany(e => Vanished(e, setting)),
            Measurement.AtLeast("L = 3, limit: |velocity| at t = 0", SplitSpeed(three, setting), 1e-2, "not 0",
                "two hidden layers do move"),
            Measurement.AtLeast("L = 4, sigmoid, limit: |velocity| at t = 0", SplitSpeed(sigmoid, setting), 1e-2,
                "not 0",
                "s(0) = 1/2: the last layer moves"),
            .. outputs.Select((d, k) => d.Against(-(k + 2) / 2.0)),
            .. speeds.Select((d, k) => d.Against(-k / 2.0)),
            moved.Against(-1),
        ],
        [
            Decay.Draw(Name, "Centred Gaussian weights, tanh, at initialization: rms of the outputs (y) and " +
                "root of the mean-field norm of the velocity (v) of networks of L layers, geometric means over " +
                "seeds, against the width; dashed: N^(-(L-1)/2) for y, N^(-(L-3)/2) for v. With two hidden layers " +
                "(L = 3) the velocity stays, with more it vanishes.", "rms of outputs y, velocity v",
                [
                    .. outputs.Select((d, k) => ($"y, L = {k + 3}", d, -(k + 2) / 2.0)),
                    .. speeds.Select((d, k) => ($"v, L = {k + 3}", d, -k / 2.0)),
                ]),
        ], [three, four, five, sigmoid]);
    }

    private static IEnumerable<Measurement> Vanished(Model model, CheckSetting setting)
    {
        var split = SplitLimit.Of(model.InitialLimit(), 4, 1, model.Seed);
        var end = Followed.Limit(model, split, setting);
        var depth = split.Depth;
        const string reason = "rounding: of sums over some hundred neurons, grown over the run";
        yield return Measurement.Zero($"L = {depth}, limit: |velocity| at t = 0", AtStart(model, split, setting)
            .Speed, 1e-13,
            reason);
        yield return Measurement.Zero($"L = {depth}, limit: largest |yhat| over points and time",
            end.Trajectory.Predictions.Max(p => p.Max(Math.Abs)), 1e-13, reason);
    }

    private static double SplitSpeed(Model model, CheckSetting setting) =>
        AtStart(model, SplitLimit.Of(model.InitialLimit(), 4, 1, model.Seed), setting).Speed;

    /// <summary>
    /// rms of the outputs, and |velocity|, the root of the mass-weighted mean square of each layer, summed.
    /// </summary>
    private static (double Output, double Speed) AtStart(Model model, Ensemble ensemble, CheckSetting setting)
    {
        var (data, engine) = (model.Data.Train, setting.Engine(1));
        var predictor = new Predictor(ensemble, data, engine);
        predictor.Predict(ensemble.State);
        var velocity = new double[ensemble.State.Length];
        new MeanFieldVelocity(ensemble, model.Loss, new FullExpectation(data), engine)
            .Evaluate(0, ensemble.State, velocity);
        return (Rms(predictor.Predictions), Math.Sqrt(ensemble.SquaredMassNorm(velocity)));
    }

    private static double Moved(Model model, Ensemble network, CheckSetting setting)
    {
        var predictions = Followed.Network(model, network, setting).Trajectory.Predictions;
        return Rms([.. predictions[^1].Zip(predictions[0], (a, b) => a - b)]);
    }

    private static double Rms(double[] values) => Math.Sqrt(values.Average(v => v * v));
}
