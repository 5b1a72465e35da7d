using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>What every neuron of a homogeneous network keeps.</summary>
internal sealed class Balance : ITheoryCheck
{
    private static readonly double[] Tolerances = [1e-3, 1e-4, 1e-5, 1e-6];

    public string Name => "balance";

    public string Claim => "Where s(h) = h s'(h) (relu, leaky-relu, identity) and all learning rates are equal, " +
        "every neuron c of a hidden layer i keeps E[w_i(C, c)^2] + b_i(c)^2 - E[w_{i+1}(c, C)^2] for all time, in " +
        "networks and limits alike.";

    public string Source => "Du, Hu and Lee, arXiv:1806.00900, with the masses of neurons in the sums";

    /// <summary>Learning rate of the last layer; those of the others are 1.</summary>
    internal double LastRate { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        var measurements = new List<Measurement>();
        var models = new List<Model>();
        var series = new List<Series>();
        foreach (var activation in (string[])["identity", "leaky-relu", "relu"])
        {
            var model = Build(activation, setting);
            models.Add(model);
            double[] drifts = [.. Tolerances.Select(tolerance => Drift(model, model.InitialLimit(),
                tolerance, setting))];
            var network = Drift(model, DeepProblem.Sample(model, 50, 0), Tolerances[^1], setting);
            var most = 100 * Tolerances[^1];
            const string reason = "a hundred times the tolerance of the run: explicit steps keep no square exactly, " +
                "kinks least";
            measurements.Add(Measurement.Zero($"{activation}, limit: rms change over neurons, largest over time " +
                $"and layers", drifts[^1], most, reason));
            measurements.Add(Measurement.Zero($"{activation}, network of width 50: the same", network, most,
                reason));
            series.Add(new(activation, Tolerances, drifts));
        }
        return new(measurements,
        [
            SeriesFigure.Draw(Name, "Change of what each neuron of a limit keeps, the mean square of incoming " +
                "weights and bias less that of outgoing weights: root mean square over the neurons of a layer, the " +
                "largest over time and layers, against the tolerance of the run: it is the error of the run.",
                new("tolerance of the run", true), new("rms change", true), series, identity: "tolerance"),
        ], models);
    }

    private Model Build(string activation, CheckSetting setting)
    {
        var problem = new DeepProblem($"balance-{activation}", 4)
        {
            Activation = activation,
            Biases = new GaussianLaw { Std = 0.5 },
            Weights = new GaussianLaw { Mean = 0.5, Std = 1 },
            Nodes = 4,
            Time = 3,
            Saves = 2,
        }.Build(setting).Problem;
        var layers = problem.Network.Layers;
        return Model.Build(problem with
        {
            Network = problem.Network with
            {
                Layers = [.. layers.SkipLast(1), layers[^1] with { Rate = new ConstantRate { Value = LastRate } }],
            },
        });
    }

    /// <summary>
    /// The mass-weighted rms change over the neurons of a layer, the largest over save times and layers.
    /// </summary>
    private static double Drift(Model model, Ensemble ensemble, double tolerance, CheckSetting setting)
    {
        var problem = model.Problem;
        var run = Model.Build(problem with { Limit = problem.Limit with { Tolerance = tolerance } });
        var drift = 0.0;
        Followed.Limit(run, ensemble, setting, (_, state) =>
        {
            for (var i = 1; i < ensemble.Depth; i++)
            {
                var masses = ensemble.Masses(i).ToArray();
                var changes = Kept(ensemble, state, i).Zip(Kept(ensemble, ensemble.State, i), (a, b) => a - b);
                drift = Math.Max(drift, Math.Sqrt(changes.Zip(masses, (d, p) => p * d * d).Sum()));
            }
        });
        return drift;
    }

    /// <summary>What each neuron of a hidden layer keeps.</summary>
    private static double[] Kept(Ensemble ensemble, ReadOnlySpan<double> state, int layer)
    {
        ReadOnlyMatrixView incoming = ensemble.Weights(state, layer), outgoing = ensemble.Weights(state, layer + 1);
        ReadOnlySpan<double> biases = ensemble.Biases(state, layer), below = ensemble.Masses(layer - 1),
            above = ensemble.Masses(layer + 1);
        var kept = new double[incoming.Columns];
        for (var c = 0; c < kept.Length; c++)
        {
            kept[c] = biases[c] * biases[c];
            for (var j = 0; j < incoming.Rows; j++)
                kept[c] += below[j] * Math.Pow(incoming.Data[j * incoming.Stride + c], 2);
            for (var j = 0; j < outgoing.Columns; j++)
                kept[c] -= above[j] * Math.Pow(outgoing.Data[c * outgoing.Stride + j], 2);
        }
        return kept;
    }
}
