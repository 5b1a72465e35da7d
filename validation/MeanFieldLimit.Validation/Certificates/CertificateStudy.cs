using MeanFieldLimit.Experiments;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Validation.Certificates;

/// <summary>The estimated and the true error of one limit.</summary>
/// <param name="Drawn">The problem.</param>
/// <param name="Estimate">The error that the program states.</param>
/// <param name="Error">The largest rms distance to a much finer limit.</param>
public sealed record CertificateCase(RandomProblem Drawn, ErrorEstimate Estimate, double Error)
{
    // Below this both are rounding errors: two limits that agree so far agree.
    private const double Rounding = 1e-10;

    /// <summary>Estimate over error.</summary>
    public double Ratio => Math.Max(Estimate.Total, Rounding) / Math.Max(Error, Rounding);

    /// <summary>Whether the error is at most the estimate.</summary>
    public bool IsCovered => Ratio >= 1;

    /// <summary>Whether the estimate is within a factor 20 of the error, above or below.</summary>
    public bool IsClose => Ratio is >= 0.05 and <= 20;
}

/// <summary>
/// Whether the error estimates of limits are honest: on random problems, the share whose true error, against a much
/// finer limit, is at most the estimate, and the share whose estimate is within a factor 20 of it.
/// </summary>
public static class CertificateStudy
{
    /// <summary>Solves problem number <paramref name="index"/> of a seed, and its finer twin.</summary>
    public static CertificateCase Run(ulong seed, int index, IMatrixEngine engine)
    {
        var drawn = RandomProblem.Draw(seed, index);
        var solution = new LimitSolver(Experiment.Build(drawn.Problem), engine).Solve();
        var finer = Experiment.Build(drawn.Finer);
        var reference = Training.Run(finer, finer.InitialLimit(), Motion.OfLimit(drawn.Finer), engine);
        return new(drawn, solution.Error, solution.Trajectory.LargestRmsDistance(reference.Trajectory));
    }
}
