using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs.Probes;

namespace MeanFieldLimit.Runs;

/// <summary>What was asked for of the curvature of the risk on the training points in a state; NaN of the rest.</summary>
/// <param name="Sharpness">The largest eigenvalue of the Hessian in the mass metric.</param>
/// <param name="SharpnessResidual">There is an eigenvalue within it of that.</param>
/// <param name="NonUniformity">The root of the largest eigenvalue of the covariance of the points' Hessians.</param>
/// <param name="NonUniformityResidual">The same of it, in its own units.</param>
public readonly record struct Curvature(double Sharpness, double SharpnessResidual, double NonUniformity,
    double NonUniformityResidual)
{
    /// <summary>That of a network or limit of a model in a state, by its <c>record.probes</c>.</summary>
    /// <param name="model">What it is of.</param>
    /// <param name="what">The network or limit.</param>
    /// <param name="state">Its state.</param>
    /// <param name="engine">Matrix products.</param>
    /// <param name="t">The time, whose learning rates count.</param>
    public static Curvature Of(Model model, Ensemble what, ReadOnlySpan<double> state, IMatrixEngine engine,
        double t = 0) => new CurvatureMeasure(model, what, engine).At(t, state);

    internal static Curvature Unknown { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);
}
