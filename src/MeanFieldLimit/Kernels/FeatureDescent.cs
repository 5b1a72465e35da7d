using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Kernels;

/// <summary>
/// Gradient descent of the outgoing weights alone of a two-layer ensemble that starts at a = 0, under the loss (f -
/// y)^2, in closed form: the random feature model, a learning rate of 0 in layer 1. After k steps of length h, a = T
/// (1 - (1 - 2 h K)^k) / K r by the eigenvectors of K. On points x of masses m, K = m^(1/2) S p S' m^(1/2),
/// S = s(&lt;w_c, x>) [point, c], r = m^(1/2) y and T = S' m^(1/2); under all of N(0, I_d), K = p^(1/2) E[s s']
/// p^(1/2), r = p^(1/2) E[s f*] and T = p^(-1/2).
/// </summary>
public sealed class FeatureDescent
{
    private const double Loss = 2, Small = 0.5;

    private readonly NeuronSum initial;
    private readonly double[] masses;
    private readonly Matrix<double> back;       // T U
    private readonly Vector<double> eigenvalues, driven;    // driven: U' r

    private FeatureDescent(Ensemble ensemble, Matrix<double> kernel, Vector<double> r, Matrix<double> back)
    {
        (initial, masses) = (NeuronSum.Of(ensemble, ensemble.State), ensemble.Masses(1).ToArray());
        if (initial.Outgoing.Any(q => q != 0))
            throw new ArgumentException("the outgoing weights of random features must start at 0");
        var evd = kernel.Evd(Symmetricity.Symmetric);
        eigenvalues = evd.EigenValues.Map(v => v.Real);
        driven = evd.EigenVectors.TransposeThisAndMultiply(r);
        this.back = back * evd.EigenVectors;
    }

    /// <summary>That on points with labels of one output.</summary>
    /// <exception cref="ArgumentException">The outgoing weights do not start at 0.</exception>
    public static FeatureDescent On(Ensemble ensemble, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(data);
        var n = data.Count;
        ReadOnlyMatrixView w = ensemble.Weights(1);
        double[] h = new double[n * w.Columns], s = new double[h.Length];
        new ManagedEngine(1).Multiply(1, new ReadOnlyMatrixView(data.X, n, data.Inputs).Plain, [],
            w.Plain, 0, new(h, n, w.Columns));
        ensemble.Architecture.Activations[0].Apply(h, s);
        var p = new DiagonalMatrix(w.Columns, w.Columns, ensemble.Masses(1).ToArray());
        var roots = new DiagonalMatrix(n, n, [.. data.Masses.Select(Math.Sqrt)]);
        var weighted = roots * DenseMatrix.OfColumnMajor(w.Columns, n, s).Transpose();
        return new(ensemble, (weighted * p).TransposeAndMultiply(weighted), roots * new DenseVector(data.Y),
            weighted.Transpose());
    }

    /// <summary>That under all of N(0, I_d), with the labels of a teacher.</summary>
    /// <exception cref="ArgumentException">The outgoing weights do not start at 0.</exception>
    public static FeatureDescent Of(Ensemble ensemble, NeuronSum teacher)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(teacher);
        var (neurons, width) = (NeuronSum.Of(ensemble, ensemble.State), ensemble.Size(1));
        var roots = new DiagonalMatrix(width, width, [.. ensemble.Masses(1).ToArray().Select(Math.Sqrt)]);
        var cross = DenseMatrix.OfColumnMajor(teacher.Outgoing.Length, width, neurons.Products(teacher));
        return new(ensemble, roots * new DenseMatrix(width, width, neurons.Products(neurons)) * roots,
            roots * cross.TransposeThisAndMultiply(new DenseVector(teacher.Outgoing)), roots.Inverse());
    }

    /// <summary>The length of steps from which on they grow: 1 / lambda for the largest eigenvalue.</summary>
    public double LargestStep => 2 / (Loss * eigenvalues.Maximum());

    /// <summary>f after so many steps of a length: at their product in the time of the mean-field scaling.</summary>
    public NeuronSum After(long steps, double length)
    {
        // (1 - (1 - x)^k) / lambda at x = 2 h lambda, whose limit at 0 is 2 h k.
        var reached = eigenvalues.Map(lambda => Loss * length * lambda is var x && Math.Abs(x) < 1e-300
            ? Loss * length * steps
            : (x < Small ? -double.ExpM1(steps * double.LogP1(-x)) : 1 - Math.Pow(1 - x, steps)) / lambda);
        var a = (back * driven.PointwiseMultiply(reached)).ToArray();
        TensorPrimitives.Multiply(a, masses, a);
        return initial with { Outgoing = a };
    }
}
