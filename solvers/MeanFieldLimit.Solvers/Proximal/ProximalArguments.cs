using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Proximal;

/// <summary>What the schemes share: what they refuse, and what they say where they fail.</summary>
internal static class ProximalArguments
{
    private const double MassTolerance = 1e-9;

    internal static void CheckMasses(double[] masses)
    {
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++)
        {
            if (!(masses[i] > 0))
                throw new ArgumentException($"masses must be positive, mass {i} is {masses[i]}: leave that point out, "
                    + "no proximal step moves it");
            sum += masses[i];
        }
        if (!(Math.Abs(sum - 1) <= MassTolerance))
            throw new ArgumentException($"masses must sum to 1, they sum to {sum:R}: divide them by their sum");
    }

    /// <summary>sum_i m_i |x_i|^2.</summary>
    internal static double SquaredNorm(ReadOnlySpan<double> x, double[] masses, int dimension)
    {
        var sum = 0.0;
        for (var k = 0; k < x.Length; k++) sum += masses[k / dimension] * x[k] * x[k];
        return sum;
    }

    internal static InvalidOperationException Unsolved(Interval step, int iterations) => new(
        $"the proximal step from t = {step.Start:R} must have a minimiser that {QuasiNewton.MostIterations} iterations "
        + $"reach, none was reached after {iterations} with tau = {step.Length:R}; take shorter steps, or a functional "
        + "without kinks");

    internal static InvalidOperationException Rises(ProximalStep step) => new(
        $"the energy must fall by W^2 / (2 tau) in a proximal step, at t = {step.Time:R} it falls short of that by "
        + $"{-step.Slack:G3}: the gradient of the functional does not belong to its value");
}
