using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>Velocities in factors, beside those that are made: layers of many neurons on few points.</summary>
public class FactoredVelocityTests
{
    private const int Inputs = 2, Outputs = 2, Points = 3;

    // Hidden layers of massive neurons and tracers: blocks between many are in factors, those between few are not.
    public static TheoryData<int[], int[], BiasMode> Ensembles => new()
    {
        { [150, 130], [0, 0], BiasMode.None },
        { [150, 130], [140, 120], BiasMode.Trained },
        { [600, 20], [0, 160], BiasMode.Frozen },
        { [20, 90, 120], [100, 0, 110], BiasMode.Trained },
    };

    [Theory, MemberData(nameof(Ensembles))]
    public void Velocities_at_sums_of_velocities_are_those_at_the_states_that_they_lead_to(int[] massive, int[] tracers,
        BiasMode biases)
    {
        var ensemble = Random(massive, tracers, biases);
        var field = Field(ensemble, threads: 2);
        var length = field.FactorLength!.Value;
        Assert.InRange(length, 1, ensemble.State.Length - 1);
        double[][] factors = [new double[length], new double[length], new double[length]];
        double[][] velocities = [.. factors.Select(_ => new double[ensemble.State.Length])];
        double[][] rows = [[], [0.5], [-0.2, 0.8], [0.1, 0, 0.7]];
        double[] at = [], expanded = new double[ensemble.State.Length];
        for (var j = 0; j < rows.Length; j++)
        {
            at = [.. ensemble.State.Select((y, k) => y + 0.5 * rows[j].Select((a, i) => a * velocities[i][k]).Sum())];
            field.Expand(ensemble.State, new(0.5, rows[j], factors), expanded);
            Near(at, expanded);
            if (j == factors.Length) break;
            Array.Fill(factors[j], double.NaN);
            field.Evaluate(0.3, ensemble.State, new(0.5, rows[j], factors), factors[j]);
            field.Evaluate(0.3, at, velocities[j]);
            field.Expand(new double[at.Length], new(1, Only(j), factors), expanded);
            Near(velocities[j], expanded);
        }

        // Of a difference what the norm of an ensemble sees.
        Array.Fill(expanded, double.NaN);
        field.ExpandMeasured(new(2, [1, -1, 0.5], factors), expanded);
        double[] difference = [.. velocities[0].Select((v, k) => 2 * (v - velocities[1][k] + 0.5 * velocities[2][k]))];
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var trained = biases == BiasMode.None ? 0 : ensemble.Massive(i);
            Near(ensemble.Biases(difference.AsSpan(), i)[..trained].ToArray(),
                ensemble.Biases(expanded.AsSpan(), i)[..trained].ToArray());
            for (var c = 0; c < ensemble.Massive(i - 1); c++)
                Near(ensemble.Weights(difference.AsSpan(), i).Row(c)[..ensemble.Massive(i)].ToArray(),
                    ensemble.Weights(expanded.AsSpan(), i).Row(c)[..ensemble.Massive(i)].ToArray());
        }
        // What is left as it was, NaN here, is not read by that norm.
        Assert.True(double.IsFinite(new MassNorm(ensemble).Measure(expanded, ensemble.State, ensemble.State, new(1e-6, 1e-6))));

        static double[] Only(int j) => [.. Enumerable.Range(0, j + 1).Select(i => i == j ? 1.0 : 0)];
    }

    [Theory]
    [InlineData("dormand-prince", 1e-8)]
    [InlineData("bogacki-shampine", 1e-5)]
    [InlineData("dormand-prince-8", 1e-8)]
    [InlineData("runge-kutta-4", null)]
    public void Runs_take_the_same_steps_as_with_velocities_that_are_made(string method, double? tolerance)
    {
        var ensemble = Random([150, 130], [0, 0], BiasMode.Trained);
        var (factored, made) = (Run(Field(ensemble, threads: 1)), Run(new Made(Field(ensemble, threads: 1))));
        Assert.Equal(made.Result.Steps, factored.Result.Steps);
        Assert.Equal(made.Result.Evaluations, factored.Result.Evaluations);
        Near(made.Result.State.ToArray(), factored.Result.State.ToArray());
        foreach (var (a, b) in made.Saved.Zip(factored.Saved)) Near(a, b);

        (RunResult Result, List<double[]> Saved) Run(IVectorField field)
        {
            var (stepper, control) = tolerance is { } asked
                ? TimeMethod.Find(method).Adaptive(field, new(asked, asked), new MassNorm(ensemble))
                : TimeMethod.Find(method).Fixed(field, 0.05);
            var saved = new Keeper();
            return (new TimeLoop { Stepper = stepper, Control = control, SaveTimes = [0.3, 0.55, 0.8], Recorder = saved }
                .Run(ensemble.State, new(0, 1)).OrThrow(), saved.States);
        }
    }

    [Theory]
    [InlineData(150, 130, true)]
    [InlineData(20, 15, false)]     // its tracers alone are in factors
    public void Tracers_change_no_bit_of_their_host(int first, int second, bool isInFactors)
    {
        var alone = Random([first, second], [0, 0], BiasMode.Trained);
        var traced = Random([first, second], [200, 180], BiasMode.Trained);
        for (var i = 1; i <= alone.Depth; i++)
        {
            for (var c = 0; c < alone.Size(i - 1); c++)
                traced.Weights(i).Row(c)[..alone.Size(i)].CopyTo(alone.Weights(i).Row(c));
            traced.Biases(i)[..alone.Size(i)].CopyTo(alone.Biases(i));
        }
        Assert.Equal((isInFactors, true), (Field(alone, threads: 1).FactorLength < alone.State.Length,
            Field(traced, threads: 1).FactorLength < traced.State.Length));
        double[] ends = After(alone), all = After(traced);
        for (var i = 1; i <= alone.Depth; i++)
        {
            for (var c = 0; c < alone.Size(i - 1); c++)
                Assert.Equal(alone.Weights(ends.AsSpan(), i).Row(c).ToArray(),
                    traced.Weights(all.AsSpan(), i).Row(c)[..alone.Size(i)].ToArray());
            Assert.Equal(alone.Biases(ends.AsSpan(), i).ToArray(),
                traced.Biases(all.AsSpan(), i)[..alone.Size(i)].ToArray());
        }

        static double[] After(Ensemble ensemble)
        {
            var (stepper, control) = TimeMethod.Find("dormand-prince").Adaptive(Field(ensemble, threads: 1),
                new(1e-6, 1e-6), new MassNorm(ensemble));
            return new TimeLoop { Stepper = stepper, Control = control }
                .Run(ensemble.State, new(0, 1)).OrThrow().State.ToArray();
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        // Products long enough to be shared.
        var ensemble = Random([600, 400], [140, 120], BiasMode.Trained);
        Assert.Equal(Twice(1), Twice(3));

        double[] Twice(int threads)
        {
            var field = Field(ensemble, threads);
            double[][] factors = [new double[field.FactorLength!.Value], new double[field.FactorLength.Value]];
            field.Evaluate(0, ensemble.State, new(0, [], factors), factors[0]);
            field.Evaluate(0, ensemble.State, new(0.1, [1], factors), factors[1]);
            var end = new double[ensemble.State.Length];
            field.Expand(ensemble.State, new(0.1, [0.5, 0.5], factors), end);
            return end;
        }
    }

    private static MeanFieldVelocity Field(Ensemble ensemble, int threads)
    {
        double[] x = new double[Points * Inputs], y = new double[Points * Outputs];
        new RandomStream(1, 3).FillNormal(0, x);
        new RandomStream(1, 4).FillNormal(0, y);
        var data = new Dataset(Inputs, Outputs, x, y, LabelKind.Real, [0.2, 0.5, 0.3]);
        return new(ensemble, Catalogue.Find<ILoss>("half-squared"), new FullExpectation(data), new ManagedEngine(threads),
            [.. Enumerable.Range(1, ensemble.Depth).Select(i => new ConstantSchedule(1 + 0.5 * i))]);
    }

    private static Ensemble Random(int[] massive, int[] tracers, BiasMode biases)
    {
        var ensemble = new Ensemble(new(Inputs, Outputs,
            [.. massive.Select(_ => Catalogue.Find<IActivation>("tanh")), new Identity()], biases),
            [.. massive.Select((n, i) => Masses(n, i).Concat(new double[tracers[i]]).ToArray())]);
        new RandomStream(2, 0).FillNormal(0, ensemble.State);
        return ensemble;

        static double[] Masses(int n, int layer)
        {
            var masses = new double[n];
            new RandomStream(2, (ulong)layer + 1).FillUniform(0, masses);
            return [.. masses.Select(p => p / masses.Sum())];
        }
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var j = 0; j < expected.Length; j++) Assert.InRange(actual[j] - expected[j], -1e-11, 1e-11);
    }

    private sealed class Made(MeanFieldVelocity system) : IVectorField
    {
        public int Dimension => system.Dimension;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) => system.Evaluate(t, y, velocity);
    }

    private sealed class Keeper : IRecorder
    {
        public List<double[]> States { get; } = [];

        public void Record(double t, ReadOnlySpan<double> state) => States.Add(state.ToArray());

        public void Carry(Snapshot snapshot) => throw new NotSupportedException();
    }
}
