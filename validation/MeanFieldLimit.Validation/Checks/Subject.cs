using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>dy/dt as a function of time and state.</summary>
internal sealed class Field(int dimension, Action<double, ReadOnlySpan<double>, Span<double>> velocity) : IVectorField
{
    public int Dimension => dimension;

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> dy) => velocity(t, y, dy);
}

/// <summary>An ensemble that a check looks at: on its way, and in any of its states.</summary>
internal sealed class Subject(Model model, Ensemble ensemble, CheckSetting setting)
{
    internal Model Model => model;

    internal Ensemble Ensemble => ensemble;

    internal static Subject Limit(Model model, CheckSetting setting) => new(model, model.InitialLimit(), setting);

    internal static Subject Network(Model model, int width, int replicate, CheckSetting setting) => new(model,
        model.Embedding.Sample([.. Enumerable.Repeat(width, model.Embedding.Architecture.Depth - 1)],
            Streams.Replicate(model.Seed, replicate)), setting);

    internal Trained FollowLimit() => Watch((_, _) => 0).Of;

    /// <summary>Its motion as a limit, and what <paramref name="look"/> makes of time and state of each save.</summary>
    internal (Trained Of, List<T> Seen) Watch<T>(Func<double, double[], T> look)
    {
        var (run, seen) = (Run.Of(model, ensemble, model.LimitDynamics, model.OfAll, setting.Machine), new List<T>());
        var mover = run.Movers[0];
        return (setting.Complete(run, () => seen.Add(look(mover.Time, mover.State.ToArray()))).Trained, seen);
    }

    /// <summary>Its motion as a finite network, on one thread.</summary>
    internal Trained FollowNetwork() => setting.Complete(Run.Of(model, ensemble, model.Dynamics, model.OfNetwork(0),
        setting.Machine with { Threads = 1 })).Trained;

    /// <summary>The velocity of the gradient flow in a state, all learning rates being 1.</summary>
    internal double[] Velocity(ReadOnlySpan<double> state)
    {
        var velocity = new double[state.Length];
        new MeanFieldVelocity(ensemble, model.Loss, new FullExpectation(model.Data.Train), setting.Machine.Engine(1))
            .Evaluate(0, state, velocity);
        return velocity;
    }

    /// <summary>Risk, and predictions [point, K], on the training points in a state.</summary>
    internal (double Risk, double[] Predictions) Outputs(ReadOnlySpan<double> state)
    {
        var predictor = new Predictor(ensemble, model.Data.Train, setting.Machine.Engine(1));
        predictor.Predict(state);
        return (predictor.Measure(model.Loss).Risk, predictor.Predictions);
    }

    /// <summary>H_1, ..., H_L on the training points in a state, each [point, neuron].</summary>
    internal double[][] Layers(ReadOnlySpan<double> state)
    {
        var data = model.Data.Train;
        var pass = new ForwardPass(ensemble, setting.Machine.Engine(1), data.Count);
        pass.Pass(state, data, 0, data.Count);
        return [.. Enumerable.Range(1, ensemble.Depth).Select(i => pass.Of(i).Data.ToArray())];
    }
}
