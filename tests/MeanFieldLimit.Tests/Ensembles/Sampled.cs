using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Tests.Ensembles;

/// <summary>Small random networks, ensembles and data for the tests of this project.</summary>
internal static class Sampled
{
    internal static readonly IMatrixEngine Engine = new ManagedEngine(1);

    internal static Architecture Architecture(int depth, IActivation activation, BiasMode biases, int inputs = 3,
        int outputs = 2, IInteraction? interaction = null) =>
        new(inputs, outputs, [.. Enumerable.Repeat(activation, depth - 1), new Identity()], biases,
            [.. Enumerable.Repeat(interaction ?? new WeightedSum(), depth)]);

    /// <summary>The names of all interactions, for theories.</summary>
    public static TheoryData<string> Interactions => [.. Catalogue.All<IInteraction>().Select(p => p.Name)];

    internal static Embedding Embedding(Architecture architecture) => new(architecture,
        [.. Enumerable.Range(1, architecture.Depth).Select(i => new LayerLaws(new Gaussian(i == 1 ? 0 : 0.4, 1),
            i < architecture.Depth && architecture.Biases != BiasMode.None
                ? new Gaussian(0.1, 0.5)
                : new Constant(0)))]);

    /// <summary>
    /// An ensemble with unequal masses, a random state, and optionally tracers behind each hidden layer.
    /// </summary>
    internal static Ensemble Ensemble(Architecture architecture, int tracers = 0)
    {
        int[] sizes = [5, 4, 6, 3];
        var masses = Enumerable.Range(0, architecture.Depth - 1).Select(i =>
        {
            var p = new double[sizes[i]];
            new RandomStream(5, (ulong)i).FillUniform(0, p);
            var total = p.Sum();
            return p.Select(m => m / total).Concat(new double[tracers]).ToArray();
        });
        var ensemble = new Ensemble(architecture, [.. masses]);
        new RandomStream(6, 0).FillNormal(0, ensemble.State);
        return ensemble;
    }

    internal static Dataset Data(int points, int inputs = 3, int outputs = 2, ILoss? loss = null)
    {
        double[] x = new double[points * inputs], y = new double[points * outputs];
        new RandomStream(7, 0).FillNormal(0, x);
        new RandomStream(7, 1).FillNormal(0, y);
        if (loss is Logistic)
            for (var j = 0; j < y.Length; j++) y[j] = Math.Sign(y[j]);
        if (loss is SoftmaxCrossEntropy)
            for (var n = 0; n < points; n++)
                for (var k = 0; k < outputs; k++) y[n * outputs + k] = k == n % outputs ? 1 : 0;
        return new(inputs, outputs, x, y, LabelKind.Real);
    }

    /// <summary>A loss on given points, at the rates 1 unless others are given.</summary>
    internal static Objective Objective(ILoss loss, Dataset data, IReadOnlyList<ISchedule>? rates = null,
        double decay = 0) => new(loss, new(data, null, new EmpiricalSource(data), false),
            rates ?? [.. Enumerable.Repeat(new ConstantSchedule(1), 9)], decay);

    internal static double Risk(Ensemble ensemble, double[] state, Dataset data, ILoss loss)
    {
        var predictor = new Predictor(ensemble, data, Engine);
        predictor.Predict(state);
        return predictor.Measure(loss).Risk;
    }

    internal static double[] Velocity(Ensemble ensemble, double[] state, Dataset data, ILoss loss)
    {
        var velocity = new double[state.Length];
        new MeanFieldVelocity(ensemble, loss, new FullExpectation(data), Engine).Evaluate(0, state, velocity);
        return velocity;
    }

    /// <summary>The predictions of an ensemble at <paramref name="time"/> along its flow under the half-squared loss.</summary>
    internal static double[] Predictions(Ensemble ensemble, Dataset data, double time, double tolerance)
    {
        var run = new TimeLoop
        {
            Stepper = new RungeKuttaStepper(RungeKutta.DormandPrince,
                new MeanFieldVelocity(ensemble, new HalfSquared(), new FullExpectation(data), Engine)),
            Control = new PiControl(new(tolerance, tolerance), new MassNorm(ensemble)),
        }.Run(ensemble.State, new(0, time)).OrThrow();
        var predictor = new Predictor(ensemble, data, Engine);
        predictor.Predict(run.State);
        return predictor.Predictions.ToArray();
    }

    /// <summary>Networks of four layers and one seed: narrow ones are parts of wide ones; another seed differs.</summary>
    internal static void CheckNested(Embedding embedding)
    {
        Ensemble narrow = embedding.Sample([4, 5, 6], 9), wide = embedding.Sample([9, 7, 8], 9);
        for (var i = 1; i <= 4; i++)
        {
            var (w, v) = (narrow.Weights(i).Data.ToArray(), wide.Weights(i).Data.ToArray());
            for (var c = 0; c < narrow.Rows(i); c++)
                for (var d = 0; d < narrow.Size(i); d++)
                    Assert.Equal(w[c * narrow.Size(i) + d], v[c * wide.Size(i) + d]);
            Assert.Equal(narrow.Biases(i).ToArray(), wide.Biases(i)[..narrow.Size(i)].ToArray());
        }
        Assert.NotEqual(narrow.State, embedding.Sample([4, 5, 6], 10).State);
    }
}
