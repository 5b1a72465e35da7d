namespace MeanFieldLimit.Solvers.Proximal;

/// <summary>What one step mu' = argmin F(mu) + W^2(mu, mu_k) / (2 tau) did.</summary>
/// <param name="Time">The time at its end.</param>
/// <param name="Tau">Its length.</param>
/// <param name="EnergyBefore">F(mu_k).</param>
/// <param name="Energy">F(mu').</param>
/// <param name="SquaredDistance">sum_i m_i |x'_i - x_i|^2, the cost of the coupling of each point with itself: W^2(mu',
/// mu_k) where that coupling is optimal.</param>
/// <param name="Excess">What another coupling could save of <paramref name="SquaredDistance"/> at most, by a dual
/// certificate; NaN where none was asked for.</param>
/// <param name="Iterations">Iterations of the minimisation.</param>
public readonly record struct ProximalStep(double Time, double Tau, double EnergyBefore, double Energy,
    double SquaredDistance, double Excess, int Iterations)
{
    // Of the sums of which the energies consist.
    private const double Rounding = 1e-12;

    /// <summary>
    /// F(mu_k) - F(mu') - W^2 / (2 tau), which is not negative: mu_k itself was there to be chosen.
    /// </summary>
    public double Slack => EnergyBefore - Energy - SquaredDistance / (2 * Tau);

    /// <summary>Whether the energy went down by W^2 / (2 tau) at least, up to rounding.</summary>
    public bool Dissipates => Slack >= -Rounding * Math.Max(1, Math.Max(Math.Abs(EnergyBefore), Math.Abs(Energy)));
}
