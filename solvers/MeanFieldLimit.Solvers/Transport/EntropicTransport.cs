namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// What Sinkhorn's iteration has reached on OT_eps = min_pi sum_ij pi_ij c_ij + eps KL(pi | a x b). Whatever it has
/// reached, <c>DualValue &lt;= OT_eps &lt;= DualValue + Gap</c>.
/// </summary>
/// <param name="Epsilon">eps, in the units of the cost.</param>
/// <param name="DualValue">sum_i a_i f_i + sum_j b_j g_j.</param>
/// <param name="Gap">|b - columns of the plan|_1 times the mean of how much g and the cost vary: the dual is concave in
/// g with the gradient b - columns, and at the optimum g varies by no more than the cost does.</param>
/// <param name="MarginalError">|b - columns of the plan|_1, with the roundings of the potentials, 2^-52 of them over
/// eps: far costs and a small eps leave no digits. Its rows have the masses a.</param>
/// <param name="Iterations">Passes over the cost and back, in all stages of eps.</param>
/// <param name="Converged">Whether MarginalError is at most the tolerance: otherwise the plan is no coupling.</param>
public sealed record EntropicTransport(
    double Epsilon, double DualValue, double Gap, double MarginalError, int Iterations, bool Converged)
{
    /// <summary>f [source].</summary>
    public required double[] SourcePotentials { get; init; }

    /// <summary>g [target]; the plan is a_i b_j exp((f_i + g_j - c_ij) / eps).</summary>
    public required double[] TargetPotentials { get; init; }
}

/// <summary>
/// The debiased divergence S_eps = OT_eps(mu, nu) - OT_eps(mu, mu) / 2 - OT_eps(nu, nu) / 2 (Feydy, Sejourne, Vialard,
/// Amari, Trouve and Peyre 2019): 0 for mu = nu, and W_p^p in the limit eps -> 0. It is not negative where exp(-|x -
/// y|^p / eps) is a positive definite kernel, which it is for p up to 2 only.
/// </summary>
/// <param name="Power">p.</param>
/// <param name="Between">OT_eps(mu, nu).</param>
/// <param name="Source">OT_eps(mu, mu).</param>
/// <param name="Target">OT_eps(nu, nu).</param>
public sealed record SinkhornDivergence(
    double Power, EntropicTransport Between, EntropicTransport Source, EntropicTransport Target)
{
    private const double Rounding = 1e-12;

    /// <summary>S_eps.</summary>
    public double Value => Between.DualValue - (Source.DualValue + Target.DualValue) / 2;

    /// <summary>|S_eps - Value| is at most this.</summary>
    public double Gap => Math.Max(Between.Gap, (Source.Gap + Target.Gap) / 2);

    /// <summary>Whether all three have converged.</summary>
    public bool Converged => Between.Converged && Source.Converged && Target.Converged;

    /// <summary>Whether S_eps is below 0 by more than it is not known: then it is no p-th power of a distance.
    /// </summary>
    public bool IsNegative => Value < -Gap - Rounding * (Math.Abs(Between.DualValue) + Math.Abs(Value));

    /// <summary>max(S_eps, 0)^(1/p), the estimate of W_p.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsNegative"/>.</exception>
    public double Distance => IsNegative
        ? throw new InvalidOperationException($"the divergence must not be negative to be a power of a distance, it is "
            + $"{Value:G6} with p = {Power} and eps = {Between.Epsilon:G3}: take p up to 2, a smaller eps, or "
            + $"{nameof(WassersteinExact)}")
        : Math.Pow(Math.Max(Value, 0), 1 / Power);
}
