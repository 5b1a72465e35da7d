using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>The dissipation of the risk along limits.</summary>
internal sealed class EnergyIdentity : ITheoryCheck
{
    // The smooth limits and the one of rectifiers, whose kinks make tighter tolerances slow. That one is on many points
    // and short: on few points the flow comes to slide along a kink, H_i(x, c) = 0 for one x and c. It then moves with
    // a mean of the velocities of both sides, and the square of that mean, which the identity has, is less than the
    // mean of the squares: with 40 points and 32 nodes of layer 1 a defect of 0.04 at t = 1 stays at every tolerance.
    private static readonly double[] Smooth = [1e-3, 1e-5, 1e-7, 1e-9], Kinked = [1e-3, 1e-4, 1e-5, 1e-6];

    public string Name => "energy-identity";

    public string Claim => "Along the limit, where activations are smooth, d risk/dt = -sum_i xi_i(t) |grad_i|^2 in " +
        "the mass-weighted norm, where parameters that are kept have no part in it: d risk/dt = -|velocity|^2 where " +
        "all rates are 1.";

    public string Source => "chain rule on the velocities of Nguyen and Pham, arXiv:2001.11443, with the schedules " +
        "of Nguyen, arXiv:1902.02880, section 2.4; energy dissipation of Wasserstein gradient flows";

    /// <summary>What the schedules are claimed to multiply by.</summary>
    internal double Factor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        Model[] models = [.. Problems(setting)];
        var measured = models.Select(model =>
        {
            var (name, tolerances) = (model.Problem.Name, HasKinks(model.Problem) ? Kinked : Smooth);
            return (Name: name, Tolerances: tolerances,
                Balances: tolerances.Select(t => Balance(Subject.Limit(model, setting), t, setting)).ToArray());
        }).ToArray();
        return new([.. measured.SelectMany(m => (Measurement[])
        [
            Measurement.Zero($"{m.Name}: |risk(0) - risk(T) - dissipated| / risk(0)", m.Balances[^1].Defect,
                100 * m.Tolerances[^1], "a hundred times the tolerance of the run"),
            Measurement.AtLeast($"{m.Name}: (risk(0) - risk(T)) / risk(0)", m.Balances[^1].Fallen, 1e-3, "not 0",
                "a limit at rest would show nothing"),
        ])],
        [
            SeriesFigure.Draw(Name, "Difference between the fall of the risk of a limit over [0, T] and the integral " +
                "of sum_i xi_i |grad_i|^2, as a part of the first risk, against the tolerance of the run: the " +
                "identity holds to the error of the run.", new("tolerance of the run", true),
                new("|defect| / risk at t = 0", true), [.. measured.Select(m => new Series(m.Name, m.Tolerances,
                    [.. m.Balances.Select(b => b.Defect)]))], identity: "tolerance"),
        ], models);
    }

    /// <summary>
    /// The defect of the identity over [0, T], and how far the risk fell, both over the first risk. A last component of
    /// the state integrates sum_i xi_i |grad_i|^2.
    /// </summary>
    private (double Defect, double Fallen) Balance(Subject limit, double tolerance, CheckSetting setting)
    {
        var (model, ensemble, n) = (limit.Model, limit.Ensemble, limit.Ensemble.State.Length);
        var engine = setting.Machine.Engine(setting.Machine.Threads);
        MeanFieldVelocity velocities = model.Objective.Velocity(ensemble, engine),
            gradients = new(ensemble, model.Loss, new FullExpectation(model.Data.Train), engine);
        var (schedules, gradient) = (model.Schedules, new double[n]);
        var dissipating = new Field(n + 1, (t, y, velocity) =>
        {
            velocities.Evaluate(t, y[..n], velocity[..n]);
            gradients.Evaluate(t, y[..n], gradient);
            velocity[n] = schedules.Select((xi, i) => Factor * xi.At(t) * ensemble.SquaredMassNorm(gradient, i + 1))
                .Sum();
        });
        var end = setting.End(new RungeKuttaStepper(RungeKutta.DormandPrince, dissipating),
            new PiControl(new(tolerance, tolerance), new WithLast(new MassNorm(ensemble))), [.. ensemble.State, 0],
            model.SaveTimes[^1]);
        var (first, last) = (limit.Outputs(ensemble.State).Risk, limit.Outputs(end.AsSpan(..^1)).Risk);
        return (Math.Abs(first - last - end[^1]) / first, (first - last) / first);
    }

    private static bool HasKinks(Problem problem) =>
        problem.Network.Layers.Any(l => l.Activation is "relu" or "leaky-relu");

    /// <summary>Examples without a data file, under the flow, short, on few points; and two with schedules.</summary>
    private static IEnumerable<Model> Problems(CheckSetting setting)
    {
        foreach (var name in (string[])["three-layer", "reference-deep", "teacher-two-layer", "isotropic-five-layer"])
            yield return Model.Build(Shortened(Examples.Read(name).Problem, setting));
        var scheduled = new DeepProblem("schedules", 5)
        {
            Biases = new GaussianLaw { Std = 0.5 },
            Rates = [new PowerRate { Exponent = 0.5, Unit = 0.3 }, new ConstantRate { Value = 2 },
                new ConstantRate { Value = 0 }, new PowerRate { Exponent = 1, Unit = 2 },
                new ConstantRate { Value = 0.7 }],
            Nodes = 4,
            Time = 2,
        }.Build(setting);
        yield return scheduled;
        yield return Model.Build(scheduled.Problem with
        {
            Name = "frozen-biases",
            Network = scheduled.Problem.Network with { Biases = BiasMode.Frozen },
        });
    }

    /// <summary>The problem's limit under the flow, in a size that solves in seconds.</summary>
    private static Problem Shortened(Problem problem, CheckSetting setting)
    {
        var points = setting.Small ? 200 : 400;
        return problem with
        {
            Data = problem.Data switch
            {
                SyntheticData d => d with { Points = points, Expectation = null, Test = 0 },
                IsotropicData d => d with { Points = points, Expectation = null, Test = 0 },
                TexturesData d => d with { Points = points, Test = 0 },
                var d => d with { Test = 0 },
            },
            Training = new() { Loss = problem.Training.Loss, Time = HasKinks(problem) ? 0.2 : 1 },
            Limit = new()
            {
                Types = [.. problem.Limit.Types!.Select(rule => rule switch
                {
                    GaussSpec gauss => gauss with { Nodes = Math.Min(gauss.Nodes, setting.Small ? 4 : 8) },
                    SobolSpec sobol => sobol with { Nodes = setting.Small ? 64 : 128 },
                    _ => rule,
                })],
            },
            Record = new() { Saves = 1 },
        };
    }

    /// <summary>The larger of the norm of an ensemble and the error of the component that follows its state.</summary>
    private sealed class WithLast(IErrorNorm norm) : IErrorNorm
    {
        public double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
            Tolerance tolerance) =>
            Math.Max(norm.Measure(error[..^1], state[..^1], next[..^1], tolerance),
                Math.Abs(error[^1]) / tolerance.Scale(state[^1], next[^1]));
    }
}
