using MathNet.Numerics.LinearAlgebra;
using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Embeddings.Means;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Embeddings;

/// <summary>Correlated limits with a solution on paper, or one of finitely many equations.</summary>
public class LatentClosedFormTests
{
    private static readonly Constant None = new(0);

    [Fact]
    public void Linear_bilinear_limit_is_a_linear_network_of_small_matrices()
    {
        // With linear activations and w_i = m + s out . in / sqrt p the functions w_i(c, c') stay in the span of 1 and
        // the coordinates of the types, orthonormal in L2(P_i). On their coefficients the mean-field flow is the plain
        // gradient flow of a linear network A_4 A_3 A_2 A_1 x: bases (1, w_1, out), (1, in, out), (1, in, w_4). Those
        // few equations are integrated here by the classical Runge-Kutta method with 2000 steps.
        const int p = 2;
        double[] mean = [0.2, 0.8, 0.6, 0.5], std = [0.7, 1.5, 1.2, 0.9];
        var root = Math.Sqrt(p);
        Matrix<double>[] a =
        [
            Build(5, 2, (i, j) => i == 0 ? mean[0] : i == 1 + j ? std[0] : 0),
            Build(5, 5, (i, j) => (i, j) == (0, 0) ? mean[1] : i is 1 or 2 && j == i + 2 ? std[1] / root : 0),
            Build(4, 5, (i, j) => (i, j) == (0, 0) ? mean[2] : i is 1 or 2 && j == i + 2 ? std[2] / root : 0),
            Build(1, 4, (_, j) => j == 0 ? mean[3] : j == 3 ? std[3] : 0),
        ];
        double[] x = [0.6, 0.8, 1, -0.5, -0.3, 0.9], y = [0.9, -0.4, 0.2];
        var points = Matrix<double>.Build.DenseOfColumnMajor(2, 3, x);
        var labels = Matrix<double>.Build.DenseOfColumnMajor(1, 3, y);
        const double time = 2;
        const int steps = 2000;
        var start = (a[3] * a[2] * a[1] * a[0] * points).Row(0);
        for (var n = 0; n < steps; n++) a = ClassicalStep(a, time / steps, s => Slope(s, points, labels));

        var linear = new Identity();
        var architecture = new Architecture(2, 1, [linear, linear, linear, linear], BiasMode.None);
        var independent = new Embedding(architecture, [new(new Gaussian(mean[0], std[0]), None),
            new(new Constant(mean[1]), None), new(new Constant(mean[2]), None),
            new(new Gaussian(mean[3], std[3]), None)]);
        var normal = new Gaussian(0, 1);
        var embedding = independent.Correlated([[normal, normal], [normal, normal, normal, normal], [normal, normal]],
            [new(std[1], _ => new Bilinear(new(2, 0, p))), new(std[2], _ => new Bilinear(new(2, 1, p)))]);
        var limit = embedding.Discretise(CorrelatedEmbeddingTests.Gauss(3, 2));      // exact for squares of the basis
        var data = new Dataset(2, 1, x, y, LabelKind.Real);
        var predictions = Sampled.Predictions(limit, data, time, 1e-10);

        var expected = (a[3] * a[2] * a[1] * a[0] * points).Row(0);
        for (var n = 0; n < 3; n++) Assert.Equal(expected[n], predictions[n], 1e-8);
        Assert.True((expected - start).L2Norm() > 0.1, $"it has moved by {(expected - start).L2Norm()} only");
    }

    [Fact]
    public void Random_features_start_at_their_gaussian_integrals()
    {
        // s_1 linear, s_2 quadratic, w_1 ~ N(0, s_1^2 I): H_2(x, c') = s / sqrt(2p) sum_k in_k(c') kappa_k(x),
        // kappa_k = E[sqrt 2 cos(u_k . c + theta_k) w_1 . x]
        //         = -sqrt 2 s_1^2 (u_k . x) sin theta_k exp(-Var(u_k . c)/2),
        // hence yhat = m_3 E H_2^2 = m_3 s^2 / (2p) sum_k kappa_k^2. (E[out_k w_1] = 0.)
        const double s1 = 0.8, s = 1.7, m3 = 0.6;
        double[] x = [0.6, 0.8];
        var phi = new CosineFeatures([0.9, -0.4, 0.3, 0.2, -0.5, 1.1, 0.7, -0.6], [0.4, 2.1]);     // on (w_1, out)
        var psi = new CosineFeatures([0.3, 0.5, 0.7, -0.2, 0.1, 0.9], [1, 2]);                      // on (w_3, in)
        var architecture = new Architecture(2, 1, [new Identity(), new Quadratic(), new Identity()], BiasMode.None);
        var independent = new Embedding(architecture, [new(new Gaussian(0, s1), None), new(new Constant(0.4), None),
            new(new Gaussian(m3, 1), None)]);
        var normal = new Gaussian(0, 1);
        var embedding = independent.Correlated([[normal, normal], [normal, normal]],
            [new(s, _ => new RandomFeatures(new(2, 1, 2), phi, psi))]);

        var expected = 0.0;
        for (var k = 0; k < 2; k++)
        {
            var u = phi.Frequencies.AsSpan(4 * k, 4);
            var variance = s1 * s1 * (u[0] * u[0] + u[1] * u[1]) + u[2] * u[2] + u[3] * u[3];
            var kappa = -Math.Sqrt(2) * s1 * s1 * (u[0] * x[0] + u[1] * x[1])
                * Math.Sin(phi.Phases[k]) * Math.Exp(-variance / 2);
            expected += m3 * s * s / 4 * kappa * kappa;
        }
        // Errors of n^4 and n^3 Gauss nodes fall with n, and are gone at 12.
        double Error(int n) => Math.Abs(expected - CorrelatedEmbeddingTests.Predict(
            embedding.Discretise([new GaussTensor(n), new GaussTensor([2, n, n])])));
        double[] errors = [Error(4), Error(7), Error(12)];
        Assert.True(errors[0] > 10 * errors[1] && errors[1] > 10 * errors[2], string.Join(", ", errors));
        Assert.InRange(errors[2], 0, 1e-9);
    }

    [Fact]
    public void A_gaussian_kernel_starts_at_its_integrals()
    {
        // s_1 linear, s_2 quadratic, E w_1 = mu: H_2(x, c') = (mu . x) (m + s (K(in) - E k) / sd k) with
        // K(in) = E_out k = (1 + 1/l^2)^(-p/2) exp(-|in|^2 / (2 (l^2 + 1))). With E K = E k:
        // yhat = m_3 (mu . x)^2 (m^2 + s^2 (E K^2 - (E k)^2) / Var k).
        const double l = 1.2, m = 0.4, s = 1.7, m3 = 0.6, mu = 0.5;
        const int p = 2;
        var architecture = new Architecture(2, 1, [new Identity(), new Quadratic(), new Identity()], BiasMode.None);
        var independent = new Embedding(architecture, [new(new Gaussian(mu, 1), None), new(new Constant(m), None),
            new(new Gaussian(m3, 1), None)]);
        var normal = new Gaussian(0, 1);
        var embedding = independent.Correlated([[normal, normal], [normal, normal]],
            [new(s, _ => new GaussianKernel(new(2, 1, p), l))]);
        double Power(double v) => Math.Pow(v, -p / 2.0);
        var first = Power(1 + 2 / (l * l));
        var variance = Power(1 + 4 / (l * l)) - first * first;
        var marginal = Math.Pow(Power(1 + 1 / (l * l)), 2) * Power(1 + 2 / (1 + l * l));
        var expected = m3 * Math.Pow(mu * 1.4, 2) * (m * m + s * s * (marginal - first * first) / variance);

        var limit = embedding.Discretise([new GaussTensor([1, 1, 24, 24]), new GaussTensor([1, 24, 24])]);
        Assert.Equal(expected, CorrelatedEmbeddingTests.Predict(limit), 1e-8);
    }

    private static Matrix<double> Build(int rows, int columns, Func<int, int, double> entry) =>
        Matrix<double>.Build.Dense(rows, columns, entry);

    private static Matrix<double>[] ClassicalStep(Matrix<double>[] a, double h,
        Func<Matrix<double>[], Matrix<double>[]> slope)
    {
        Matrix<double>[] Moved(double by, Matrix<double>[] k) => [.. a.Zip(k, (v, d) => v + by * d)];
        var k1 = slope(a);
        var k2 = slope(Moved(h / 2, k1));
        var k3 = slope(Moved(h / 2, k2));
        var k4 = slope(Moved(h, k3));
        return [.. a.Select((v, i) => v + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]))];
    }

    /// <summary>-grad of the mean of (1/2)|A_4 A_3 A_2 A_1 x - y|^2.</summary>
    private static Matrix<double>[] Slope(Matrix<double>[] a, Matrix<double> x, Matrix<double> y)
    {
        var residual = (a[3] * a[2] * a[1] * a[0] * x - y) / x.ColumnCount;
        return
        [
            -(a[3] * a[2] * a[1]).Transpose() * residual * x.Transpose(),
            -(a[3] * a[2]).Transpose() * residual * (a[0] * x).Transpose(),
            -a[3].Transpose() * residual * (a[1] * a[0] * x).Transpose(),
            -residual * (a[2] * a[1] * a[0] * x).Transpose(),
        ];
    }
}
