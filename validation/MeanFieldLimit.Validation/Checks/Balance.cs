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
        const string reason = "a hundred times the tolerance of the run: explicit steps keep no square exactly, " +
            "kinks least";
        var measured = ((string[])["identity", "leaky-relu", "relu"]).Select(activation =>
        {
            var problem = new DeepProblem($"balance-{activation}", 4)
            {
                Activation = activation,
                Biases = new GaussianLaw { Std = 0.5 },
                Weights = new GaussianLaw { Mean = 0.5, Std = 1 },
                Rates = [null, null, null, new ConstantRate { Value = LastRate }],
                Nodes = 4,
                Time = 3,
                Saves = 2,
            };
            Models.Model[] models = [.. Tolerances.Select(t => (problem with { Tolerance = t }).Build(setting))];
            return (Name: activation, Model: problem.Build(setting),
                Drifts: models.Select(m => Drift(Subject.Limit(m, setting))).ToArray(),
                OfNetwork: Drift(Subject.Network(models[^1], 50, 0, setting)));
        }).ToArray();
        return new([.. measured.SelectMany(m => (Measurement[])
        [
            Measurement.Zero($"{m.Name}, limit: rms change over neurons, largest over time and layers", m.Drifts[^1],
                100 * Tolerances[^1], reason),
            Measurement.Zero($"{m.Name}, network of width 50: the same", m.OfNetwork, 100 * Tolerances[^1], reason),
        ])],
        [
            SeriesFigure.Draw(Name, "Change of what each neuron of a limit keeps, the mean square of incoming " +
                "weights and bias less that of outgoing weights: root mean square over the neurons of a layer, the " +
                "largest over time and layers, against the tolerance of the run: it is the error of the run.",
                new("tolerance of the run", true), new("rms change", true),
                [.. measured.Select(m => new Series(m.Name, Tolerances, m.Drifts))], identity: "tolerance"),
        ], [.. measured.Select(m => m.Model)]);
    }

    /// <summary>The mass-weighted rms change over neurons, the largest over save times and hidden layers.</summary>
    private static double Drift(Subject subject)
    {
        var of = subject.Ensemble;
        double Change(double[] state, int layer) => Math.Sqrt(Kept(of, state, layer)
            .Zip(Kept(of, of.State, layer), (a, b) => a - b)
            .Zip(of.Masses(layer).ToArray(), (d, p) => p * d * d).Sum());
        return subject.Watch((_, state) => Enumerable.Range(1, of.Depth - 1).Max(i => Change(state, i))).Seen.Max();
    }

    private static double[] Kept(Ensemble ensemble, ReadOnlySpan<double> state, int layer)
    {
        ReadOnlyMatrixView incoming = ensemble.Weights(state, layer), outgoing = ensemble.Weights(state, layer + 1);
        ReadOnlySpan<double> biases = ensemble.Biases(state, layer), below = ensemble.Masses(layer - 1),
            above = ensemble.Masses(layer + 1);
        var kept = new double[incoming.Columns];
        for (var c = 0; c < kept.Length; c++)
        {
            kept[c] = biases[c] * biases[c];
            for (var j = 0; j < incoming.Rows; j++) kept[c] += below[j] * Math.Pow(incoming.Row(j)[c], 2);
            for (var j = 0; j < outgoing.Columns; j++) kept[c] -= above[j] * Math.Pow(outgoing.Row(c)[j], 2);
        }
        return kept;
    }
}
