namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// While it lives, numbers on this thread are written as 0.02, whatever the language of the machine: in reports and on
/// the axes of their figures.
/// </summary>
internal sealed class InvariantNumbers : IDisposable
{
    private readonly CultureInfo before = CultureInfo.CurrentCulture;

    internal InvariantNumbers() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    public void Dispose() => CultureInfo.CurrentCulture = before;
}
