namespace MeanFieldLimit.Data;

/// <summary>Numbers as they are written.</summary>
internal static class NumberText
{
    /// <summary>Whether a number is written that is not 0 but so small that it is read as 0: 1e-400.</summary>
    internal static bool Vanishes(string text, double value) =>
        value == 0 && text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9');
}
