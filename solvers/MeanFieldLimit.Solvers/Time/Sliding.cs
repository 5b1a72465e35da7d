using System.Globalization;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>What a run did where it slid along discontinuities of its right-hand side.</summary>
/// <param name="From">The time from which on it took steps without error control, or the first such time.</param>
/// <param name="Step">The longest of these steps: the error that they bring is proportional to it.</param>
/// <param name="Steps">How many there were.</param>
public sealed record Sliding(double From, double Step, long Steps)
{
    /// <summary>The same in words, for reports.</summary>
    public string InWords => string.Create(CultureInfo.InvariantCulture,
        $"slid along kinks from t = {From:G3} ({Steps} steps of at most {Step:G2} without error control, of order 1)");
}
