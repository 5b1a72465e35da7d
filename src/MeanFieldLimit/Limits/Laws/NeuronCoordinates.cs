using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Runs.Probes;

namespace MeanFieldLimit.Limits.Laws;

/// <summary>
/// The space in which the law of the neurons of a two-layer network moves: those of the parameters
/// (w_1(1..d), b_1, w_2(1..K)) of a neuron that are trained. The others are the same for all neurons. Where the limit
/// is reduced to lengths, w_1 is the length |w_1|.
/// </summary>
public sealed class NeuronCoordinates
{
    private const int Halvings = 52;        // to the resolution of numbers just below 1

    // Of the initial law, in which the coordinates of a grid end where the problem does not say it.
    private const double Tail = 1e-9, Margin = 0.05;
    private const double MostOutside = 1e-6;

    private readonly Model model;

    private NeuronCoordinates(Model model, Architecture architecture, double[] neuron, int[] trained, ILaw[] laws,
        double outputBias)
    {
        (this.model, Architecture, Neuron, Trained, Laws, OutputBias) =
            (model, architecture, neuron, trained, laws, outputBias);
        Names = [.. trained.Select(Name)];
    }

    /// <summary>The network.</summary>
    public Architecture Architecture { get; }

    /// <summary>p, the number of coordinates.</summary>
    public int Dimension => Trained.Count;

    /// <summary>The laws of the coordinates at time 0, independent.</summary>
    public IReadOnlyList<ILaw> Laws { get; }

    /// <summary>What the coordinates are called, such as w_1(2), b_1, w_2.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>b_2, which is the same for all outputs and not trained.</summary>
    internal double OutputBias { get; }

    /// <summary>The indices of the coordinates among all parameters (w_1(1..d), b_1, w_2(1..K)) of a neuron.</summary>
    internal IReadOnlyList<int> Trained { get; }

    /// <summary>All parameters of a neuron; those that are trained have no meaning.</summary>
    internal IReadOnlyList<double> Neuron { get; }

    /// <summary>The temperature of the law of motion; 0 where it has none.</summary>
    public double Temperature => model.Problem.Training.Dynamics == DynamicsKind.Langevin ? model.Temperature : 0;

    /// <summary>The risk with weight decay; not for two runs at once.</summary>
    public TwoLayerRisk NewRisk() =>
        new(this, model.LimitModel.Data.Train, model.Loss, model.Objective.WeightDecay);

    /// <summary>The coordinates of the limit of a model.</summary>
    /// <exception cref="ProblemException">The problem is not one of densities.</exception>
    public static NeuronCoordinates Of(Model model)
    {
        DensityCheck.CheckNetwork(model.Loaded);
        var embedding = model.LimitModel.Embedding;
        var (shape, laws, layers) = (embedding.Architecture, embedding.Laws, model.Problem.Network.Layers);
        ILaw[] all = [.. Enumerable.Repeat(laws[0].Weights, shape.Inputs), laws[0].Biases,
            .. Enumerable.Repeat(laws[1].Weights, shape.Outputs)];
        bool IsTrained(int k) => k < shape.Inputs ? DensityCheck.Moves(layers[0])
            : k > shape.Inputs ? DensityCheck.Moves(layers[1])
            : shape.Biases == BiasMode.Trained && DensityCheck.Moves(layers[0]);
        int[] trained = [.. Enumerable.Range(0, all.Length).Where(IsTrained)];
        DensityCheck.CheckCoordinates(model.Loaded, trained.Length, shape.Inputs, shape.Outputs);
        return new(model, shape, [.. all.Select(l => l.Mean)], trained, [.. trained.Select(k => all[k])],
            laws[1].Biases.Mean);
    }

    /// <summary>All weights (w_1(1..d), w_2(1..K)) of a neuron without a bias, whatever is trained.</summary>
    /// <exception cref="ArgumentException">The network has biases, or not two layers.</exception>
    public static NeuronCoordinates Whole(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (shape, laws) = (model.Embedding.Architecture, model.Embedding.Laws);
        if (shape.Biases != BiasMode.None || laws.Count != 2)
            throw new ArgumentException("the network must have two layers and no biases", nameof(model));
        int[] weights = [.. Enumerable.Range(0, shape.Inputs + 1 + shape.Outputs).Where(k => k != shape.Inputs)];
        ILaw[] of = [.. weights.Select(k => laws[k < shape.Inputs ? 0 : 1].Weights)];
        return new(model, shape, new double[shape.Inputs + 1 + shape.Outputs], weights, of, outputBias: 0);
    }

    /// <summary>Points [neuron, p] of an ensemble, with |w_1| of a network where only the limit is reduced.</summary>
    public double[] Points(Ensemble ensemble, ReadOnlySpan<double> state)
    {
        var points = Arrays.New("the points of neurons", ensemble.Size(1), Dimension);
        var incoming = ensemble.Weights(state, 1);
        var biases = ensemble.Biases(state, 1);
        var outgoing = ensemble.Weights(state, 2);
        var d = Architecture.Inputs;
        for (var c = 0; c < ensemble.Size(1); c++)
            for (var k = 0; k < Dimension; k++)
                points[c * Dimension + k] = Trained[k] == d ? biases[c]
                    : Trained[k] > d ? outgoing.Row(c)[Trained[k] - d - 1]
                    : incoming.Rows == d ? incoming.Row(Trained[k])[c]
                    : Length(incoming, c);
        return points;
    }

    /// <summary>The grid asked for, or that of the initial law and what particles visit; lengths begin at 0.</summary>
    public Grid Grid(int cells, NeuronLaw? particles = null) => new([.. Laws.Select((law, k) =>
    {
        // The law without its tails, and the heavier ones of the particles.
        double[] all = [.. Enumerable.Range(0, particles?.Energies.Count ?? 0).Select(save => particles!.At(save))
            .SelectMany(l => Enumerable.Range(0, l.Count).Where(i => l.Masses[i] > Tail)
                .Select(i => l.Points[i * l.Dimension + k])), law.Quantile(Tail), law.Quantile(1 - Tail)];
        var (spec, margin) = (model.Problem.Density, Margin * (all.Max() - all.Min()));
        var (low, high) = (spec?.Low?[k] ?? all.Min() - margin, spec?.High?[k] ?? all.Max() + margin);
        return law is Chi ? Axis.HalfLine(high, cells) : new Axis(low, high, cells);
    })]);

    /// <summary>The law of the neurons at time 0 on a grid.</summary>
    /// <exception cref="ProblemException">Too much of it lies outside.</exception>
    public Density Initial(Grid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        double[][] masses = [.. Laws.Select((law, k) => Masses(law, grid.Axes[k]))];
        var all = new double[grid.Count];
        for (var cell = 0; cell < all.Length; cell++)
        {
            all[cell] = 1;
            for (var k = 0; k < Dimension; k++) all[cell] *= masses[k][grid.Index(cell, k)];
        }
        var inside = all.Sum();
        return 1 - inside <= MostOutside ? new(grid, [.. all.Select(m => m / inside)])
            : throw model.Loaded.Error("$.density.low", "the grid must hold the law at time 0 but for " +
                $"{MostOutside:G1} of it, {1 - inside:G3} lie outside; widen low and high, or leave them out");
    }

    /// <summary>Records the law of an ensemble; its energy is NaN at a temperature: no entropy of particles.</summary>
    public void Record(Run run, Mover mover)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(mover);
        var (risk, masses, ensemble) = (NewRisk(), mover.Ensemble.Masses(1).ToArray(), mover.Ensemble);
        run.Record(mover, new LawProbe(mover, state => new(Dimension, Points(ensemble, state), masses),
            law => Temperature > 0 ? double.NaN : risk.Value(law.Points, law.Masses)));
    }

    /// <summary>The run of a law in these coordinates, recorded.</summary>
    internal Run Begin(Run run, Mover mover, TwoLayerRisk risk, LawProbe laws, LawOf law)
    {
        var moved = model.LimitModel;
        run.AddLaw(mover, new(moved, data => new(data, Predict(data == moved.Data.Train ? risk
            : new(this, data, model.Loss)))), laws);
        return run;

        Predicting Predict(TwoLayerRisk risk) => (state, yhat) =>
        {
            var now = law(state);
            risk.Predict(now.Points, now.Masses).CopyTo(yhat);
        };
    }

    /// <summary>P(X in cell) of each cell.</summary>
    private static double[] Masses(ILaw law, Axis axis)
    {
        double[] below = [.. Enumerable.Range(0, axis.Cells + 1)
            .Select(i => Below(law, axis.Start + i * axis.Spacing))];
        return [.. Enumerable.Range(0, axis.Cells).Select(i => Math.Max(0, below[i + 1] - below[i]))];
    }

    /// <summary>P(X at most x), the inverse of the quantile function by halving.</summary>
    private static double Below(ILaw law, double x)
    {
        double low = 0, high = 1;
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (law.Quantile(middle) <= x) low = middle;
            else high = middle;
        }
        return low == 0 ? 0 : high == 1 ? 1 : (low + high) / 2;
    }

    private static double Length(ReadOnlyMatrixView incoming, int neuron)
    {
        var sum = 0.0;
        for (var j = 0; j < incoming.Rows; j++) sum += incoming.Row(j)[neuron] * incoming.Row(j)[neuron];
        return Math.Sqrt(sum);
    }

    private string Name(int k)
    {
        var (d, outputs) = (Architecture.Inputs, Architecture.Outputs);
        if (k == d) return "b_1";
        if (Architecture.Interactions[0] is Radial && k == 0) return "|w_1|";
        return k < d ? Numbered("w_1", k, d) : Numbered("w_2", k - d - 1, outputs);
        static string Numbered(string name, int index, int count) => count == 1 ? name : $"{name}({index + 1})";
    }
}
