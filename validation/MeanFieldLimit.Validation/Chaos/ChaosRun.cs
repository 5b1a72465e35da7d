using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Validation.Chaos;

/// <summary>An ensemble on its way, step by step.</summary>
internal sealed class ChaosRun
{
    private readonly RunInProgress run;

    /// <summary>Moves <paramref name="ensemble"/> by steps that end at <paramref name="times"/>, 0 first.</summary>
    internal ChaosRun(Ensemble ensemble, IStepper stepper, double[] times, CancellationToken cancellation)
    {
        Ensemble = ensemble;
        run = new TimeLoop
        {
            Stepper = stepper,
            Control = new FixedStep(times[1]),
            SaveTimes = times,
            Cancellation = cancellation,
        }.Begin(ensemble.State, new(0, times[^1]));
    }

    internal Ensemble Ensemble { get; }

    internal ReadOnlySpan<double> State => run.State;

    /// <summary>To the next of the times.</summary>
    /// <exception cref="RunFailedException">It did not get there.</exception>
    internal void Advance()
    {
        if (!run.AdvanceToNextSave()) throw new RunFailedException(run.Result);
    }
}
