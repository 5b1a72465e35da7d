using MeanFieldLimit.Limits;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>Finite networks beside their limit, and the rates of their gaps.</summary>
/// <param name="Limit">The solved limit with its error estimate.</param>
/// <param name="Networks">The networks that finished, by width, then replicate.</param>
/// <param name="Rates">The fitted rates, of the replicates of which all networks finished.</param>
/// <param name="Failures">The networks that did not reach the final time.</param>
public sealed record CouplingResult(LimitSolution Limit, IReadOnlyList<NetworkRun> Networks, IReadOnlyList<Rate> Rates,
    IReadOnlyList<NetworkFailure> Failures)
{
    /// <summary>A gap is trusted while the reference errs by less than this part of it.</summary>
    public const double TrustedFraction = 0.1;

    /// <summary>Whether the limit's own error exceeds a tenth of <paramref name="gap"/>.</summary>
    public bool IsBlurred(double gap) => !(Limit.Error.Total <= TrustedFraction * gap);
}

/// <summary>A network that did not reach the final time.</summary>
/// <param name="Width">Neurons in each hidden layer.</param>
/// <param name="Replicate">Number of the replicate.</param>
/// <param name="Failure">How it ended.</param>
public sealed record NetworkFailure(int Width, int Replicate, CellFailure Failure);
