using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>
/// Networks of one replicate, run side by side to the end, or until one fails. Where there are tracers, pathwise gaps
/// are those to them; without them, and of several networks, those to the first.
/// </summary>
internal sealed class SideBySide
{
    private readonly Mover[] networks;
    private readonly PathwiseProbe[] probes = [];
    private readonly Mover? failed;

    /// <summary>
    /// Runs networks of so many widths, each moved in its way, the widest one last; <paramref name="traced"/>
    /// is the limit that carries neurons of that one as tracers, <paramref name="name"/> their name in the journal.
    /// </summary>
    internal SideBySide(Model model, Machine machine, int replicate, (int Width, IDynamics Dynamics)[] members,
        ITraceable? traced, string name = "run")
    {
        var run = new Run(model, machine) { Name = name, Progress = machine.Show(name, model.SaveTimes[^1]) };
        var tracers = traced?.Trace(run, Sample(members[^1].Width, model.Tracers),
            model.NetworkDraw(replicate));
        if (tracers is not null) run.Record(tracers);
        var sampled = members.Select(m => m.Width).Distinct().ToDictionary(n => n, n => Sample(n, int.MaxValue));
        networks = [.. members.Select(m => run.Add(sampled[m.Width], m.Dynamics, model.NetworkDraw(replicate)))];
        foreach (var network in networks) run.Record(network);
        if ((tracers ?? (networks.Length > 1 ? networks[0] : null)) is { } reference)
            probes = [.. networks.Select(n => new PathwiseProbe(n, reference, model.Watched, machine.Engine(1)))];
        foreach (var probe in probes) run.Watch(probe);
        failed = run.Complete().Failed;

        Ensemble Sample(int width, int most) =>
            model.Sample([.. model.Hidden(width).Select(n => Math.Min(n, most))], replicate);
    }

    /// <summary>The number of the network that failed, -1 of tracers; null where none did.</summary>
    internal int? Failed => failed is null ? null : Array.IndexOf(networks, failed);

    /// <summary>How it failed, <paramref name="what"/> being what failed.</summary>
    internal CellFailure Failure(string what) => CellFailure.Of(what, failed!.Trained);

    internal Trained Trained(int number) => networks[number].Trained;

    /// <summary>The pathwise gaps of a network, one a save time; none without a reference.</summary>
    internal IReadOnlyList<PathwiseGap> Gaps(int number) => probes.Length > 0 ? probes[number].Gaps : [];
}
