namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// Watches the pace of a run in windows of attempted steps, and says when it has been slow without getting faster
/// for two of them in a row. Initial layers get faster; what is only stiff is slow too: this asks for a closer look.
/// </summary>
internal sealed class StuckWatch
{
    private const int FirstWindow = 128;
    private const double Faster = 2;

    private int window, attempts;
    private double began;

    /// <summary>The mean advance per attempt in the last window.</summary>
    internal double Pace { get; private set; }

    /// <summary>Begins anew at a time.</summary>
    internal void Start(double t)
    {
        (window, attempts, began) = (FirstWindow, 0, t);
        Pace = double.PositiveInfinity;
    }

    /// <summary>Counts an attempt after which the run is at t; true at the end of the second slow window in a
    /// row.</summary>
    internal bool Counts(double t, double slow)
    {
        if (++attempts < window) return false;
        var before = Pace;
        Pace = (t - began) / window;
        (attempts, began) = (0, t);
        if (!(Pace < slow)) window = FirstWindow;
        return Pace < slow && before < slow && Pace <= Faster * before;
    }

    /// <summary>Nothing was found: looks again after twice as many attempts.</summary>
    internal void Rest() => window *= 2;

    internal void Carry(Snapshot snapshot)
    {
        snapshot.Carry(ref window);
        snapshot.Carry(ref attempts);
        snapshot.Carry(ref began);
        Pace = snapshot.Value(Pace);
    }
}
