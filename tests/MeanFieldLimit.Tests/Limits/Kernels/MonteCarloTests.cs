using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits.Kernels;

/// <summary>
/// Sampled networks of the NTK scaling against its kernels. With S independent networks a width, whose kernels have
/// two degrees of freedom or more, an rms is known to 1 / sqrt(4 S); the bounds of exponents are three standard errors
/// of the fit or more.
/// </summary>
public class MonteCarloTests
{
    private const int Points = 5;

    /// <summary>
    /// The tangent kernel, and the covariance of outputs given the last hidden layer, are means over neurons.
    /// </summary>
    [Theory]
    [InlineData("erf", 1, 4096, 64)]
    [InlineData("relu", 1, 4096, 64)]
    [InlineData("tanh", 2, 1024, 48)]
    [InlineData("relu", 3, 512, 48)]
    public void Kernels_of_networks_approach_those_of_the_limit_like_one_over_root_width(string activation, int hidden,
        int widest, int seeds)
    {
        var model = Model(activation, hidden);
        var limit = new KernelLimit(model).Kernels(new());
        List<double> widths = [], ntk = [], nngp = [];
        for (var width = 64; width <= widest; width *= 2)
        {
            double tangent = 0, outputs = 0;
            for (var r = 0; r < seeds; r++)
            {
                var network = Sample(model, hidden, width, r);
                tangent += Squares(Tangent(model, network, network.State), limit.Ntk);
                outputs += Squares(Covariance(model, network), limit.Nngp);
            }
            widths.Add(width);
            ntk.Add(Math.Sqrt(tangent));
            nngp.Add(Math.Sqrt(outputs));
        }
        Assert.InRange(Slope(widths, ntk), -0.57, -0.43);
        Assert.InRange(Slope(widths, nngp), -0.57, -0.43);
    }

    /// <summary>
    /// Weights move by O(N^(-1/2)). To first order that changes the kernel by means over neurons that are odd in
    /// centred outgoing weights, of order N^(-1/2) each: N^(-1/2) N^(-1/2) in all, as mean through what l'(f) knows of
    /// the weights and as fluctuation alike; to second order by 1/N. (Huang and Yau 2019, arXiv:1909.08156.)
    /// </summary>
    [Theory]
    [InlineData("erf", 1, 2048)]
    [InlineData("tanh", 2, 512)]
    public void The_kernel_moves_by_one_over_the_width(string activation, int hidden, int widest)
    {
        const int seeds = 32;
        var model = Model(activation, hidden);
        List<double> widths = [], moved = [];
        for (var width = 64; width <= widest; width *= 2)
        {
            var sum = 0.0;
            for (var r = 0; r < seeds; r++)
            {
                var network = Sample(model, hidden, width, r);
                var end = Run.Of(model, network, model.Dynamics, model.NetworkDraw(r), new Machine()).Complete().Trained
                    .Result.State;
                sum += Squares(Tangent(model, network, end), Tangent(model, network, network.State));
            }
            widths.Add(width);
            moved.Add(Math.Sqrt(sum));
        }
        Assert.InRange(Slope(widths, moved), -1.15, -0.85);
    }

    /// <summary>Other networks at every width: nested ones would err alike.</summary>
    private static Ensemble Sample(Model model, int hidden, int width, int replicate) =>
        model.Sample([.. Enumerable.Repeat(width, hidden)], 1000 * width + replicate);

    private static double[] Tangent(Model model, Ensemble network, double[] state) => TangentKernel.Of(network, state,
        model.Data.Train, [.. model.Schedules.Select(s => s.At(0))], new ManagedEngine(1));

    /// <summary>s_w^2 times the mean of s s' over the last hidden layer.</summary>
    private static double[] Covariance(Model model, Ensemble network)
    {
        var pass = new ForwardPass(network, new ManagedEngine(1), Points);
        pass.Pass(network.State, model.Data.Train, 0, Points);
        var activation = network.Architecture.Activations[^2];
        double[][] s = [.. Enumerable.Range(0, Points).Select(n => Apply(activation, pass.Of(network.Depth - 1).Row(n)))];
        return [.. from a in s from b in s select 1.3 * 1.3 * TensorPrimitives.Dot<double>(a, b) / a.Length];
    }

    private static double[] Apply(IActivation activation, ReadOnlySpan<double> h)
    {
        var s = new double[h.Length];
        activation.Apply(h, s);
        return s;
    }

    private static double Squares(double[] ours, double[] theirs) => ours.Zip(theirs, (a, b) => (a - b) * (a - b)).Sum();

    private static double Slope(IReadOnlyList<double> widths, IReadOnlyList<double> values) =>
        MathNet.Numerics.Fit.Line([.. widths.Select(v => Math.Log(v))], [.. values.Select(v => Math.Log(v))]).B;

    private static Model Model(string activation, int hidden) => MeanFieldLimit.Models.Model.Build(new Problem
    {
        Name = "kernel",
        Data = new PointsData
        {
            X = [[1, 0.5], [-0.4, 0.9], [0.3, -1.2], [-1.1, -0.3], [0.7, 0.2]],
            Y = [[1], [-1], [0.5], [0.2], [-0.3]],
        },
        Network = new()
        {
            Layers = [.. Enumerable.Range(0, hidden + 1).Select(i => new LayerSpec
            {
                Weights = new GaussianLaw { Std = 1.3 },
                Activation = i < hidden ? activation : null,
            })],
        },
        Scaling = new() { Kind = MeanFieldLimit.Embeddings.ScalingKind.Ntk },
        Training = new() { Loss = "half-squared", Time = 1, Tolerance = 1e-6 },
        Limit = new() { Types = [.. Enumerable.Repeat(new GaussSpec { Nodes = 2 }, hidden)] },
    });
}
