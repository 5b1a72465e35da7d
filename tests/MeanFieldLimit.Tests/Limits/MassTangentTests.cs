using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Tests.Ensembles;
using MeanFieldLimit.Tests.Propagation;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// Derivatives of the flow along directions of the masses: central differences of velocities and of runs with really
/// moved masses know nothing of tangents.
/// </summary>
public class MassTangentTests
{
    private const double H = 1e-5;

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Velocities_of_tangents_are_derivatives_of_velocities(int depth)
    {
        foreach (var mode in Enum.GetValues<BiasMode>())
            foreach (var activation in new IActivation[] { new Tanh(), new Softplus() })
                foreach (var loss in new ILoss[] { new HalfSquared(), new Logistic() })
                    Check(Sampled.Architecture(depth, activation, mode), loss, Sampled.Data(7, loss: loss));
    }

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4)]
    public void Tracers_have_them_too(int depth)
    {
        foreach (var mode in Enum.GetValues<BiasMode>())
            Check(Sampled.Architecture(depth, new Tanh(), mode), new HalfSquared(), Sampled.Data(7), tracers: 2);
    }

    [Fact]
    public void An_output_activation_and_points_of_masses()
    {
        var all = Sampled.Data(4);
        Check(new Architecture(3, 2, [new Tanh(), new Softplus(), new Sigmoid()], BiasMode.Trained), new HalfSquared(),
            new(3, 2, all.X, all.Y, LabelKind.Real, [0.1, 0.5, 0.15, 0.25]));
    }

    [Fact]
    public void Runs_with_really_moved_masses_leave_the_tangent_at_the_second_order()
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(4, new Tanh(), BiasMode.Trained));
        var objective = Sampled.Objective(new HalfSquared(), Sampled.Data(7));
        double[][] dp = [.. Enumerable.Range(1, 3).Select(i => Centred(ensemble.Masses(i), (ulong)i))];
        double[] End(IVectorField field, double[] initial)
        {
            var (stepper, control) = TimeMethod.Find("runge-kutta-4").Fixed(field, 0.05);
            return new TimeLoop { Stepper = stepper, Control = control }.Run(initial, new(0, 1)).OrThrow().State;
        }
        var field = new MassTangentField(ensemble, objective, Sampled.Engine, [new(dp)]);
        var both = End(field, field.Initial);
        var size = ensemble.State.Length;
        double Rest(double h) => Math.Sqrt(End(objective.Velocity(Moved(ensemble, dp, h), Sampled.Engine), ensemble.State)
            .Select((w, i) => Math.Pow(w - both[i] - h * both[size + i], 2)).Sum());
        Assert.InRange(Math.Log2(Rest(2e-3) / Rest(1e-3)), 1.95, 2.05);
    }

    [Fact]
    public void Central_differences_of_moved_masses_leave_the_tangent_at_the_second_order()
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(4, new Tanh(), BiasMode.Trained));
        var objective = Sampled.Objective(new HalfSquared(), Sampled.Data(7));
        double[][] dp = [.. Enumerable.Range(1, 3).Select(i => Centred(ensemble.Masses(i), (ulong)i))];
        double[] Derivative(IMassDerivatives field)
        {
            var (stepper, control) = TimeMethod.Find("runge-kutta-4").Fixed(field, 0.05);
            var end = new TimeLoop { Stepper = stepper, Control = control }.Run(field.Initial, new(0, 1)).OrThrow().State;
            double[][] tangents = [new double[14]];
            field.Outputs(end, objective.Data.Train, tangents);
            return tangents[0];
        }
        var tangent = Derivative(new MassTangentField(ensemble, objective, Sampled.Engine, [new(dp)]));
        double Rest(double h) => Math.Sqrt(Derivative(new MatchedField(ensemble, objective, Sampled.Engine,
            [MovedMasses.Pair(ensemble, dp, h)], [h]))
            .Select((u, n) => Math.Pow(u - tangent[n], 2)).Sum());
        Assert.InRange(Math.Log2(Rest(2e-2) / Rest(1e-2)), 1.95, 2.05);
    }

    [Fact]
    public void A_direction_that_does_not_sum_to_0_is_refused()
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(2, new Tanh(), BiasMode.None));
        var objective = Sampled.Objective(new HalfSquared(), Sampled.Data(3));
        double[] unit = [1, .. new double[ensemble.Size(1) - 1]];
        Assert.Contains("must sum to 0", Assert.Throws<ArgumentException>(() =>
            new MassTangentField(ensemble, objective, Sampled.Engine, [new([unit])])).Message, StringComparison.Ordinal);
    }

    private static void Check(Architecture architecture, ILoss loss, Dataset data, int tracers = 0)
    {
        const double time = 0.7;
        var (ensemble, depth) = (Sampled.Ensemble(architecture, tracers), architecture.Depth);
        var objective = Sampled.Objective(loss, data,
            [.. Enumerable.Range(1, depth).Select(i => new PowerSchedule(0.5 + i, 2))], decay: 0.3);
        double[][] dp = [.. Enumerable.Range(1, depth - 1).Select(i =>
            Centred(ensemble.Masses(i)[..ensemble.Massive(i)], (ulong)i))];
        var u = HessianTests.Random(ensemble.State.Length, 5);
        var field = new MassTangentField(ensemble, objective, Sampled.Engine, [new(dp)]);
        var result = new double[field.Dimension];
        field.Evaluate(time, [.. ensemble.State, .. u], result);

        double[] Velocity(double h)
        {
            var moved = Moved(ensemble, dp, h);
            double[] v = new double[u.Length], y = [.. ensemble.State.Zip(u, (w, d) => w + h * d)];
            objective.Velocity(moved, Sampled.Engine).Evaluate(time, y, v);
            return v;
        }
        double[] difference = [.. Velocity(H).Zip(Velocity(-H), (a, b) => (a - b) / (2 * H))];
        var scale = difference.Max(Math.Abs);
        for (var i = 0; i < u.Length; i++)
            Assert.Equal(difference[i], result[u.Length + i], 1e-6 * scale);
    }

    private static double[] Centred(ReadOnlySpan<double> masses, ulong seed)
    {
        var d = HessianTests.Random(masses.Length, seed);
        var mean = d.Sum();
        double[] p = [.. masses];
        return [.. d.Select((x, c) => x - p[c] * mean)];
    }

    private static Ensemble Moved(Ensemble ensemble, double[][] dp, double h)
    {
        var moved = new Ensemble(ensemble.Architecture, [.. dp.Select((d, i) =>
        {
            double[] p = [.. ensemble.Masses(i + 1)];
            return p.Select((m, c) => c < d.Length ? m + h * d[c] : m).ToArray();
        })]);
        ensemble.State.CopyTo(moved.State, 0);
        return moved;
    }
}
