using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Runs.Probes;

/// <summary>Measures what <c>record.probes</c> asks for of the curvature of the risk of an ensemble.</summary>
internal sealed class CurvatureMeasure(Model model, Ensemble ensemble, IMatrixEngine engine)
{
    // Eigenvalues err by the square of residuals over gaps: these are relative.
    private const double Tolerance = 1e-5;
    private const int MostProducts = 200;

    // A value with a larger residual is not told.
    private const double MostResidual = 1e-3;

    private readonly IReadOnlyList<CurvatureProbe> probes = model.Problem.Record.Probes;

    // Limits that certificates compare with may be on other rules, of which some have negative masses.
    private readonly bool isKnown = Enumerable.Range(1, ensemble.Depth).All(i => ensemble.Masses(i).ToArray().All(m => m >= 0));

    /// <summary>That of a state at a time, with the learning rates of then.</summary>
    internal Curvature At(double t, ReadOnlySpan<double> state)
    {
        if (!isKnown) return Curvature.Unknown;
        var hessian = new RiskHessian(ensemble, state, model.Loss, model.Data.Train, engine,
            [.. model.Schedules.Select(s => s.At(t))])
        {
            WeightDecay = model.Problem.Training.WeightDecay,
            IsGaussNewton = model.Problem.Record.Hessian == HessianKind.GaussNewton,
        };
        var (sharpness, ofSharpness) = Largest(CurvatureProbe.Sharpness, () => hessian);
        var (square, ofSquare) = Largest(CurvatureProbe.NonUniformity, hessian.Covariance);
        // Rounding leaves of a covariance of nothing a little, of either sign.
        var root = Math.Sqrt(Math.Max(0, square));
        return new(sharpness, ofSharpness, root, ofSquare == 0 ? 0 : ofSquare / Math.Max(root, Math.Sqrt(ofSquare)));
    }

    private (double Value, double Residual) Largest(CurvatureProbe probe, Func<ISymmetricOperator> of)
    {
        if (!probes.Contains(probe)) return (double.NaN, double.NaN);
        try
        {
            var pair = Lanczos.Largest(of(), 1, Streams.Krylov(model.Seed), Tolerance, MostProducts).Pairs[0];
            return pair.Residual <= MostResidual * Math.Abs(pair.Value) || pair.Residual == 0
                ? (pair.Value, pair.Residual) : (double.NaN, pair.Residual);
        }
        catch (ArithmeticException)
        {
            // Of states on their way to infinity products overflow first.
            return (double.NaN, double.NaN);
        }
    }
}
