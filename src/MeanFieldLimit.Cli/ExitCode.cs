namespace MeanFieldLimit.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>It did what it was asked.</summary>
    internal const int Done = 0;

    /// <summary>A file could not be written (a full disk, say).</summary>
    internal const int NotWritten = 1;

    /// <summary>The input was refused; nothing was computed or written.</summary>
    internal const int Refused = 2;

    /// <summary>A run diverged; what was reached is saved.</summary>
    internal const int Diverged = 3;

    /// <summary>A theory check failed; what it measured is written.</summary>
    internal const int CheckFailed = 4;

    /// <summary>Done, but the limit's error is above the accuracy asked for; the result is written.</summary>
    internal const int NotReached = 5;

    /// <summary>Runs that were compared differ by more than their errors.</summary>
    internal const int Different = 6;

    /// <summary>It was interrupted; what was reached is saved.</summary>
    internal const int Interrupted = 130;

    /// <summary>The same, by the signal TERM.</summary>
    internal const int Terminated = 143;
}
