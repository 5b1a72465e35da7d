using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>Finite networks beside their limit, and the rates of their gaps.</summary>
/// <param name="Limit">The solved limit with its error estimate.</param>
/// <param name="Networks">The networks that finished, by width, then replicate.</param>
/// <param name="Rates">The fitted rates, of the replicates of which all networks finished.</param>
/// <param name="Failures">The networks that did not reach the final time.</param>
internal sealed record CouplingResult(LimitSolution Limit, IReadOnlyList<NetworkRun> Networks,
    IReadOnlyList<Rate> Rates, IReadOnlyList<NetworkFailure> Failures)
{
    /// <summary>A gap is trusted while the reference errs by less than this part of it.</summary>
    internal const double TrustedFraction = 0.1;

    /// <summary>The rates; where the limit's own error blurs every gap none is told.</summary>
    internal IReadOnlyList<Rate> Rates { get => [.. field.Select(Trusted)]; init; } = Rates;

    /// <summary>The rate that tables and figures show; null where a network of every seed failed.</summary>
    internal Rate? Rate => Rates.FirstOrDefault(r => r.Quantity == GapQuantity.Prediction);

    /// <summary>Whether the limit's own error exceeds a tenth of <paramref name="gap"/>.</summary>
    internal bool IsBlurred(double gap) => !(Limit.Error.Total <= TrustedFraction * gap);

    /// <summary>The same at save time number k, of the error up to that.</summary>
    internal bool IsBlurred(double gap, int k) => !(Limit.ErrorUntil(k) <= TrustedFraction * gap);

    /// <summary>The prediction gap at save time number k and its rate.</summary>
    internal PowerLaw At(int k)
    {
        var widths = Limit.Model.Problem.Couple.Widths;
        return Rate.Fit(GapQuantity.At(k), widths, Rate.Whole(Networks, widths.Count), Limit.Model.Seed).Fitted;
    }

    private Rate Trusted(Rate rate) => !rate.Quantity.IsRmsOfPredictions || !rate.Fitted.Rms.All(IsBlurred) ? rate
        : rate with
        {
            Fitted = rate.Fitted.Untold(double.IsNaN(Limit.Error.Total) ? "the limit's own error is not known"
                : $"the limit's own error, {Limit.Error.Total:G2}, exceeds a tenth of the gap at every width"),
        };
}

/// <summary>A network that did not reach the final time.</summary>
internal sealed record NetworkFailure(int Width, int Replicate, CellFailure Failure);
