using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>
/// H v is minus the derivative of the velocity along v: central differences of the velocity know nothing of tangents.
/// </summary>
public class HessianTests
{
    private const double H = 1e-5;

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var activation in Catalogue.All<IActivation>().Where(s => s is ITwiceDifferentiable))
                foreach (var loss in Catalogue.All<ILoss>().Where(l => l is ICurvedLoss))
                    pairs.Add(activation.Name, loss.Name);
            return pairs;
        }
    }

    public static TheoryData<string> Interactions =>
        [.. Catalogue.All<IInteraction>().Where(p => p is ITangentInteraction).Select(p => p.Name)];

    [Fact]
    public void The_library_has_second_derivatives_of_all_that_is_smooth()
    {
        Assert.Equal(["leaky-relu", "relu"], Own<IActivation>().Where(s => s is not ITwiceDifferentiable)
            .Select(s => s.Name).Order());
        Assert.All(Own<ILoss>(), loss => Assert.IsAssignableFrom<ICurvedLoss>(loss));
        Assert.All(Own<IInteraction>(), phi => Assert.IsAssignableFrom<ITangentInteraction>(phi));

        static IEnumerable<T> Own<T>() where T : INamed =>
            Catalogue.All<T>().Where(m => m.GetType().Assembly == typeof(T).Assembly);
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Every_activation_and_loss(string activation, string loss) => Check(
        Sampled.Architecture(3, Catalogue.Find<IActivation>(activation), BiasMode.Trained),
        Catalogue.Find<ILoss>(loss));

    [Theory, MemberData(nameof(Interactions))]
    public void Every_interaction_and_depth(string name)
    {
        var interaction = Catalogue.Find<IInteraction>(name);
        for (var depth = 2; depth <= 5; depth++)
            foreach (var activation in new IActivation[] { new Tanh(), new Softplus(), new Quadratic() })
                foreach (var mode in Enum.GetValues<BiasMode>())
                    Check(Sampled.Architecture(depth, activation, mode, interaction: interaction), new HalfSquared());
    }

    [Fact]
    public void An_output_activation() =>
        Check(new Architecture(3, 2, [new Tanh(), new Sigmoid()], BiasMode.Trained), new HalfSquared());

    [Fact]
    public void Rates_and_weight_decay()
    {
        double[] rates = [0.5, 0, 2];
        var ensemble = Sampled.Ensemble(Sampled.Architecture(3, new Tanh(), BiasMode.Trained));
        var data = Sampled.Data(7);
        var velocity = Sampled.Objective(new HalfSquared(), data,
            [.. rates.Select(r => new ConstantSchedule(r))], decay: 0.3)
            .Velocity(ensemble, Sampled.Engine);
        CheckAt(ensemble, new RiskHessian(ensemble, ensemble.State, new HalfSquared(), data, Sampled.Engine, rates)
        {
            WeightDecay = 0.3,
        }, velocity);
    }

    [Theory, MemberData(nameof(ImageTests.SmoothShapes), MemberType = typeof(ImageTests))]
    public void Every_geometry(string shape)
    {
        foreach (var mode in Enum.GetValues<BiasMode>())
            Check(ImageTests.Shaped(shape, mode), new HalfSquared());
    }

    [Fact]
    public void Maxima_over_windows_and_losses_without_second_derivatives_are_refused()
    {
        var max = Sampled.Ensemble(ImageTests.Shaped("max", BiasMode.None));
        Assert.Contains("use average", Assert.Throws<ArgumentException>(() => new RiskHessian(max, max.State,
            new HalfSquared(), Sampled.Data(2, inputs: max.Architecture.Inputs * 36), Sampled.Engine)).Message,
            StringComparison.Ordinal);
        var dense = Sampled.Ensemble(Sampled.Architecture(2, new Tanh(), BiasMode.None));
        Assert.Contains("ICurvedLoss", Assert.Throws<ArgumentException>(() => new RiskHessian(dense, dense.State,
            new Bare(), Sampled.Data(2), Sampled.Engine)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tracers_change_no_bit()
    {
        var embedding = Sampled.Embedding(Sampled.Architecture(4, new Tanh(), BiasMode.Trained));
        var host = embedding.Sample([5, 4, 6], 1);
        var both = embedding.WithTracers(host, embedding.Sample([3, 3, 3], 2));
        var (alone, traced) = (HessianOf(host), HessianOf(both));
        double[] v = Random(host.State.Length, 1), hv = new double[v.Length],
            w = new double[both.State.Length], hw = new double[w.Length];
        Copy(v, host, w, both);
        alone.Product(v, hv);
        traced.Product(w, hw);
        var back = new double[w.Length];
        Copy(hv, host, back, both);
        Assert.Equal(back, hw);

        static void Copy(double[] from, Ensemble of, double[] to, Ensemble larger)
        {
            for (var i = 1; i <= of.Depth; i++)
            {
                MatrixView w = of.Weights(from.AsSpan(), i), all = larger.Weights(to.AsSpan(), i);
                for (var c = 0; c < w.Rows; c++) w.Row(c).CopyTo(all.Row(c));
                of.Biases(from.AsSpan(), i).CopyTo(larger.Biases(to.AsSpan(), i));
            }
        }
    }

    /// <summary>A network is the ensemble with its neurons split: the same operator, the same largest eigenvalue.</summary>
    [Theory, InlineData("tanh"), InlineData("relu")]
    public void Split_neurons_leave_the_largest_eigenvalue(string activation)
    {
        var one = Sampled.Ensemble(Sampled.Architecture(3, Catalogue.Find<IActivation>(activation), BiasMode.Trained));
        Assert.Equal(Largest(one), Largest(one.Split(3)), 1e-9);

        static double Largest(Ensemble of) =>
            Lanczos.Largest(HessianOf(of), 1, new RandomStream(3, 0), 1e-10).Pairs[0].Value;
    }

    [Fact]
    public void Without_a_second_derivative_it_is_the_part_of_Gauss_and_Newton()
    {
        // J^T l'' J with J by differences of the predictions, in the mass metric.
        foreach (var activation in new IActivation[] { new Relu(), new Tanh() })
            foreach (var loss in new ILoss[] { new HalfSquared(), new SoftmaxCrossEntropy() })
            {
                var ensemble = Sampled.Ensemble(Sampled.Architecture(3, activation, BiasMode.Trained));
                var data = Sampled.Data(7, loss: loss);
                var hessian = new RiskHessian(ensemble, ensemble.State, loss, data, Sampled.Engine)
                {
                    IsGaussNewton = true,
                };
                Assert.True(HessianOf(Sampled.Ensemble(Sampled.Architecture(3, new Relu(), BiasMode.None))).IsGaussNewton);
                Assert.False(HessianOf(Sampled.Ensemble(Sampled.Architecture(3, new Tanh(), BiasMode.None))).IsGaussNewton);
                double[] v = Random(ensemble.State.Length, 1), u = Random(v.Length, 2), hv = new double[v.Length];
                hessian.Product(v, hv);
                double[] jv = Moved(v), ju = Moved(u), lv = new double[2], yhat = Outputs(0, v);
                var expected = 0.0;
                for (var n = 0; n < data.Count; n++)
                {
                    ((ICurvedLoss)loss).HessianProduct(yhat.AsSpan(2 * n, 2), data.Label(n), jv.AsSpan(2 * n, 2), lv);
                    expected += (lv[0] * ju[2 * n] + lv[1] * ju[2 * n + 1]) / data.Count;
                }
                Assert.Equal(expected, Inner(hessian.Metric, hv, u), 1e-6 * Math.Max(1, Math.Abs(expected)));

                double[] Moved(double[] along) =>
                    [.. Outputs(H, along).Zip(Outputs(-H, along), (a, b) => (a - b) / (2 * H))];
                double[] Outputs(double t, double[] along)
                {
                    var predictor = new Predictor(ensemble, data, Sampled.Engine);
                    predictor.Predict([.. ensemble.State.Zip(along, (a, b) => a + t * b)]);
                    return [.. predictor.Predictions];
                }
            }
    }

    private static void Check(Architecture architecture, ILoss loss)
    {
        var ensemble = Sampled.Ensemble(architecture);
        for (var j = 0; j < ensemble.State.Length; j++) ensemble.State[j] *= 0.5;
        var data = Sampled.Data(7, inputs: architecture.Inputs * architecture.Geometry[0].Below.Positions, loss: loss);
        CheckAt(ensemble, new RiskHessian(ensemble, ensemble.State, loss, data, Sampled.Engine),
            new MeanFieldVelocity(ensemble, loss, new FullExpectation(data), Sampled.Engine));
    }

    private static void CheckAt(Ensemble ensemble, RiskHessian hessian, MeanFieldVelocity velocity)
    {
        double[] state = ensemble.State, v = Random(state.Length, 1), u = Random(state.Length, 2),
            hv = new double[v.Length], hu = new double[v.Length], up = new double[v.Length], down = new double[v.Length];
        hessian.Metric.Project(v);
        hessian.Metric.Project(u);
        hessian.Product(v, hv);
        hessian.Product(u, hu);
        velocity.Evaluate(0, [.. state.Zip(v, (s, d) => s + H * d)], up);
        velocity.Evaluate(0, [.. state.Zip(v, (s, d) => s - H * d)], down);
        var scale = Math.Max(1, hv.Max(Math.Abs));
        for (var j = 0; j < v.Length; j++)
            Assert.InRange((up[j] - down[j]) / (2 * H) + hv[j], -1e-6 * scale, 1e-6 * scale);
        // Sums of products with mixed signs: rounding is relative to their sizes.
        double a = Inner(hessian.Metric, hv, u), b = Inner(hessian.Metric, v, hu),
            size = Math.Sqrt(Inner(hessian.Metric, hv, hv) * Inner(hessian.Metric, u, u));
        Assert.InRange((a - b) / size, -1e-13, 1e-13);
    }

    private static RiskHessian HessianOf(Ensemble ensemble) =>
        new(ensemble, ensemble.State, new HalfSquared(), Sampled.Data(7), Sampled.Engine);

    private static double Inner(MassMetric metric, double[] a, double[] b)
    {
        double[] x = new double[a.Length], y = new double[a.Length];
        metric.ToPlain(a, x);
        metric.ToPlain(b, y);
        return TensorPrimitives.Dot<double>(x, y);
    }

    internal static double[] Random(int count, ulong stream)
    {
        var v = new double[count];
        new RandomStream(8, stream).FillNormal(0, v);
        return v;
    }

    private sealed class Bare : ILoss
    {
        public string Name => "bare";
        public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y) => 0;
        public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient) => gradient.Clear();
    }
}
