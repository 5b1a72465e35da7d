using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>
/// The velocity is minus the gradient of the risk in the mass norm: d risk / d theta = -mass * velocity, mass being
/// p_{i-1}(c) p_i(c') for a weight and p_i(c') for a bias. Central differences of the risk know nothing of the
/// backward pass.
/// </summary>
public class GradientTests
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var activation in Catalogue.All<IActivation>())
                foreach (var loss in Catalogue.All<ILoss>()) pairs.Add(activation.Name, loss.Name);
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Every_activation_and_loss(string activation, string loss) =>
        Check(3, Catalogue.Find<IActivation>(activation), Catalogue.Find<ILoss>(loss), BiasMode.Trained);

    [Theory, MemberData(nameof(Sampled.Interactions), MemberType = typeof(Sampled))]
    public void Every_interaction(string name)
    {
        var interaction = Catalogue.Find<IInteraction>(name);
        foreach (var activation in new IActivation[] { new Tanh(), new Softplus(), new Quadratic() })
            foreach (var mode in Enum.GetValues<BiasMode>())
                Check(Sampled.Ensemble(Sampled.Architecture(4, activation, mode, interaction: interaction)),
                    new HalfSquared(), mode);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Every_depth_and_bias_mode(int depth)
    {
        foreach (var mode in Enum.GetValues<BiasMode>()) Check(depth, new Tanh(), new HalfSquared(), mode);
    }

    [Fact]
    public void An_output_activation()
    {
        var architecture = new Architecture(3, 2, [new Tanh(), new Sigmoid()], BiasMode.Trained);
        Check(Sampled.Ensemble(architecture), new HalfSquared(), BiasMode.Trained);
    }

    private static void Check(int depth, IActivation activation, ILoss loss, BiasMode biases) =>
        Check(Sampled.Ensemble(Sampled.Architecture(depth, activation, biases)), loss, biases);

    /// <summary>Weight decay: that of risk + lambda/2 |w|^2 in the mass norm, biases apart.</summary>
    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public void Weight_decay(int depth)
    {
        foreach (var mode in Enum.GetValues<BiasMode>())
            Check(Sampled.Ensemble(Sampled.Architecture(depth, new Tanh(), mode)), new HalfSquared(), mode, decay: 0.3);
    }

    private static void Check(Ensemble ensemble, ILoss loss, BiasMode biases, double decay = 0)
    {
        var data = Sampled.Data(7, loss: loss);
        var state = ensemble.State.Select(v => 0.5 * v).ToArray();
        var velocity = new double[state.Length];
        Sampled.Objective(loss, data, decay: decay).Velocity(ensemble, Sampled.Engine).Evaluate(0, state, velocity);
        var mass = MassOf(ensemble);
        var risk = Energy();
        for (var j = 0; j < state.Length; j++)
        {
            if (double.IsNaN(mass[j]) && biases == BiasMode.Frozen)
            {
                Assert.Equal(0, velocity[j]);
                continue;
            }
            // Central differences: truncation ~ h^2 |risk'''| / 6 and rounding ~ eps risk / h, both near 1e-10.
            const double h = 1e-5;
            var (kept, scale) = (state[j], Math.Max(1, risk));
            state[j] = kept + h;
            var up = Energy();
            state[j] = kept - h;
            var down = Energy();
            state[j] = kept;
            Assert.InRange((up - down) / (2 * h) + Math.Abs(mass[j]) * velocity[j], -1e-6 * scale, 1e-6 * scale);
        }

        double Energy()
        {
            var energy = Sampled.Risk(ensemble, state, data, loss);
            for (var i = 1; i <= ensemble.Depth; i++)
            {
                var w = ensemble.Weights(state.AsSpan(), i);
                for (var c = 0; c < w.Rows; c++)
                    for (var d = 0; d < w.Columns; d++)
                        energy += decay / 2 * ensemble.Masses(i - 1)[c] * ensemble.Masses(i)[d]
                            * w.Row(c)[d] * w.Row(c)[d];
            }
            return energy;
        }
    }

    /// <summary>The mass of each component of the state; NaN for frozen biases.</summary>
    private static double[] MassOf(Ensemble ensemble)
    {
        var mass = new double[ensemble.State.Length];
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var w = ensemble.Weights(mass.AsSpan(), i);
            for (var c = 0; c < w.Rows; c++)
                for (var d = 0; d < w.Columns; d++)
                    w.Data[c * w.Stride + d] = ensemble.Masses(i - 1)[c] * ensemble.Masses(i)[d];
            var b = ensemble.Biases(mass.AsSpan(), i);
            for (var d = 0; d < b.Length; d++)
                b[d] = ensemble.Architecture.Biases == BiasMode.Frozen ? double.NaN : ensemble.Masses(i)[d];
        }
        return mass;
    }
}
