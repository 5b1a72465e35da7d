using System.Runtime.InteropServices;

namespace MeanFieldLimit.Cli;

/// <summary>
/// Ctrl-C and the signal TERM. The first one asks the run to end by itself and save what it has, the second one
/// ends the process.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly PosixSignalRegistration terminate;

    internal Interruption()
    {
        Console.CancelKeyPress += Stop;
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = AskToStop());
    }

    /// <summary>Cancelled by the first of them.</summary>
    internal CancellationToken Token => stop.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= Stop;
        terminate.Dispose();
        stop.Dispose();
    }

    private void Stop(object? sender, ConsoleCancelEventArgs e) => e.Cancel = AskToStop();

    private bool AskToStop()
    {
        if (stop.IsCancellationRequested) return false;
        stop.Cancel();
        return true;
    }
}
