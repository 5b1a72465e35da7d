using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>
/// The covariance of the points' Hessians against the matrices themselves: the Hessian of one point is that of the risk
/// on it alone, see HessianTests.
/// </summary>
public class CovarianceTests
{
    [Theory]
    [InlineData("tanh", "half-squared", false), InlineData("tanh", "softmax-cross-entropy", false)]
    [InlineData("tanh", "half-squared", true), InlineData("softplus", "softmax-cross-entropy", true)]
    [InlineData("relu", "logistic", true)]
    public void It_is_the_mean_square_less_the_square_of_the_mean(string activation, string lossName, bool gaussNewton)
    {
        var loss = Catalogue.Find<ILoss>(lossName);
        var ensemble = Sampled.Ensemble(Sampled.Architecture(3, Catalogue.Find<IActivation>(activation), BiasMode.Trained));
        var all = Sampled.Data(5, loss: loss);
        double[] masses = [0.1, 0.3, 0.2, 0.25, 0.15];
        var data = new Dataset(3, 2, all.X, all.Y, LabelKind.Real, masses);
        var hessian = new RiskHessian(ensemble, ensemble.State, loss, data, Sampled.Engine)
        {
            IsGaussNewton = gaussNewton,
            WeightDecay = 0.7,      // the same of every point
        };
        var covariance = hessian.Covariance();
        Assert.Equal(ensemble.State.Length, covariance.Dimension);
        double[] v = new double[covariance.Dimension], square = new double[v.Length], mean = new double[v.Length],
            found = new double[v.Length];
        new RandomStream(9, 0).FillNormal(0, v);
        foreach (var n in Enumerable.Range(0, data.Count))
        {
            double[] once = OfPoint(n, v), twice = OfPoint(n, once);
            TensorPrimitives.MultiplyAdd(twice, masses[n], square, square);
            TensorPrimitives.MultiplyAdd(once, masses[n], mean, mean);
        }
        var squareOfMean = new double[v.Length];
        foreach (var n in Enumerable.Range(0, data.Count))
            TensorPrimitives.MultiplyAdd(OfPoint(n, mean), masses[n], squareOfMean, squareOfMean);
        covariance.Apply(v, found);
        var scale = Math.Max(1, found.Max(Math.Abs));
        for (var j = 0; j < v.Length; j++)
            Assert.InRange(found[j] - (square[j] - squareOfMean[j]), -1e-11 * scale, 1e-11 * scale);

        // The Hessian of one point by itself; HessianTests has it against differences.
        double[] OfPoint(int n, double[] u)
        {
            var one = new Dataset(3, 2, data.Input(n).ToArray(), data.Label(n).ToArray(), LabelKind.Real);
            var result = new double[u.Length];
            new RiskHessian(ensemble, ensemble.State, loss, one, Sampled.Engine) { IsGaussNewton = gaussNewton }
                .Apply(u, result);
            return result;
        }
    }

    /// <summary>
    /// yhat = a w x of one neuron with loss (yhat - y)^2 / 2 at a = w = 1 and y = x: H_n = x^2 (1, 1)(1, 1)^T, of
    /// eigenvalue 2 x^2. Sharpness 2 E x^2, non-uniformity 2 sd(x^2).
    /// </summary>
    [Theory, InlineData(true), InlineData(false)]
    public void One_linear_neuron_has_the_values_on_paper(bool gaussNewton)
    {
        var architecture = new Architecture(1, 1, [new Identity(), new Identity()], BiasMode.None);
        var ensemble = Ensemble.Uniform(architecture, [1]);
        ensemble.State.AsSpan().Fill(1);
        double[] x = [0.5, -1, 2];
        var hessian = new RiskHessian(ensemble, ensemble.State, new HalfSquared(), new(1, 1, x, x, LabelKind.Real),
            Sampled.Engine)
        {
            IsGaussNewton = gaussNewton,
        };
        double[] squares = [.. x.Select(v => v * v)];
        var mean = squares.Average();
        Assert.Equal(2 * mean, Lanczos.Largest(hessian, 1, new(1, 0)).Pairs[0].Value, 1e-13);
        Assert.Equal(4 * squares.Average(s => (s - mean) * (s - mean)),
            Lanczos.Largest(hessian.Covariance(), 1, new(1, 0)).Pairs[0].Value, 1e-12);
    }

    /// <summary>The eigenvalue of an ensemble does not change with its width: neurons of equal mass at one place.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void Split_neurons_leave_the_covariance(bool gaussNewton)
    {
        var one = Sampled.Ensemble(Sampled.Architecture(3, new Tanh(), BiasMode.Trained));
        Assert.Equal(Largest(one), Largest(one.Split(2)), 1e-9);

        double Largest(Ensemble of) => Lanczos.Largest(new RiskHessian(of, of.State, new HalfSquared(),
            Sampled.Data(4), Sampled.Engine)
        { IsGaussNewton = gaussNewton }.Covariance(), 1, new(3, 0), 1e-10).Pairs[0].Value;
    }
}
