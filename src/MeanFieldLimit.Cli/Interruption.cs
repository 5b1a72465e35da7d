using System.Runtime.InteropServices;

namespace MeanFieldLimit.Cli;

/// <summary>
/// Ctrl-C and the signal TERM. The first one asks the run to end by itself and save what it has, the second one
/// ends the process, however soon it comes.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly PosixSignalRegistration interrupt, terminate;
    private int code;

    internal Interruption()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Ask(s, ExitCode.Interrupted));
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Ask(s, ExitCode.Terminated));
    }

    /// <summary>Cancelled by the first of them.</summary>
    internal CancellationToken Token => stop.Token;

    /// <summary>The exit code that says which one was first; 0 before any.</summary>
    internal int Code => Volatile.Read(ref code);

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        stop.Dispose();
    }

    // Every signal has a thread of its own: the second one may be here while the first one still is.
    private void Ask(PosixSignalContext signal, int asked)
    {
        signal.Cancel = true;
        if (Interlocked.CompareExchange(ref code, asked, 0) == 0) stop.Cancel();
        else if (OperatingSystem.IsWindows()) Environment.Exit(asked);
        // Without waiting for anything that the process still does.
        else EndNow(asked);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void EndNow(int code);
}
