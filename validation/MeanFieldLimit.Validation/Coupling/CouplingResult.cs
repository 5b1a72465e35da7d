using MeanFieldLimit.Limits;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Validation.Coupling;

/// <summary>Finite networks beside their limit, and the rates of their gaps.</summary>
/// <param name="Limit">The solved limit with its error estimate.</param>
/// <param name="Networks">The finished networks, by width, then replicate.</param>
/// <param name="Rates">The fitted rates; empty unless all networks finished.</param>
/// <param name="Failure">The network that did not reach the final time, if one did not.</param>
/// <param name="Seconds">Wall time of all networks together.</param>
public sealed record CouplingResult(LimitSolution Limit, IReadOnlyList<NetworkRun> Networks, IReadOnlyList<Rate> Rates,
    NetworkFailure? Failure, double Seconds)
{
    /// <summary>A gap is trusted while the reference errs by less than this part of it.</summary>
    public const double TrustedFraction = 0.1;

    /// <summary>Whether the limit's own error exceeds a tenth of <paramref name="gap"/>.</summary>
    public bool IsBlurred(double gap) => !(Limit.Error.Total <= TrustedFraction * gap);
}

/// <summary>A network that diverged, or was asked to stop.</summary>
/// <param name="Width">Neurons in each hidden layer.</param>
/// <param name="Replicate">Number of the replicate.</param>
/// <param name="Network">What it reached.</param>
public sealed record NetworkFailure(int Width, int Replicate, Trained Network);
