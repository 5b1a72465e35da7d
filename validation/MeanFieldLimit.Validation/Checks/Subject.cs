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
        model.Sample(model.Hidden(width), replicate), setting);

    internal Trained FollowLimit() => Watch((_, _) => 0).Of;

    /// <summary>Its motion as a limit, and what <paramref name="look"/> makes of time and state of each save.</summary>
    internal (Trained Of, List<T> Seen) Watch<T>(Func<double, double[], T> look)
    {
        var run = Run.Of(model, ensemble, model.LimitDynamics, model.LimitDraw, setting.Machine);
        var (mover, seen) = (run.Movers[0], new List<T>());
        while (run.Advance()) seen.Add(look(mover.Time, mover.State.ToArray()));
        return (CheckSetting.Complete(run).Trained, seen);
    }

    /// <summary>Its motion as a finite network, on one thread.</summary>
    internal Trained FollowNetwork() => CheckSetting.Complete(Run.Of(model, ensemble, model.Dynamics,
        model.NetworkDraw(0), setting.Machine with { Threads = 1 })).Trained;

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

/// <summary>
/// A limit whose neurons of one type are told apart: each is split into n copies of equal mass, and the weights between
/// two hidden layers get noise that differs from pair to pair and sums to zero over the copies of either neuron. So
/// does the noise of i.i.d. weights in the limit, over the neurons of a type. That copies behave alike is then a
/// property of the dynamics, where the limit itself, with one node a type, presupposes it.
/// </summary>
internal static class SplitLimit
{
    internal const int Copies = 4;

    /// <summary>The split limit of a model, the noise standard normal but for its sums.</summary>
    internal static Subject Of(Model model, CheckSetting setting)
    {
        var split = model.InitialLimit().Split(Copies);
        for (var i = 2; i < split.Depth; i++)
            AddNoise(split.Weights(i), split.Architecture.Taps(i), Streams.Weights(model.Seed, i));
        return new(model, split, setting);
    }

    private static void AddNoise(MatrixView w, int taps, RandomStream stream)
    {
        var noise = new double[Copies * Copies];
        // Blocks of one tap: rows are neurons, and taps of each.
        for (var block = 0; block < w.Rows / Copies; block++)
            for (var column = 0; column < w.Columns; column += Copies)
            {
                var row = block / taps * Copies * taps + block % taps;
                stream.FillNormal((ulong)block * Copies * (ulong)w.Columns + (ulong)column * Copies, noise);
                for (var c = 0; c < Copies; c++) Centre(noise, c * Copies, 1);
                for (var j = 0; j < Copies; j++) Centre(noise, j, Copies);
                for (var k = 0; k < noise.Length; k++) w.Row(row + k / Copies * taps)[column + k % Copies] += noise[k];
            }
    }

    /// <summary>Takes the mean out of a row or a column.</summary>
    private static void Centre(double[] block, int first, int step)
    {
        var mean = Enumerable.Range(0, Copies).Average(b => block[first + b * step]);
        for (var b = 0; b < Copies; b++) block[first + b * step] -= mean;
    }
}
