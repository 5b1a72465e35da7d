using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Dynamics;

/// <summary>A law of motion of ensembles, finite networks, limits and tracers alike.</summary>
public interface IDynamics
{
    /// <summary>What it is, a phrase for reports.</summary>
    string InWords { get; }

    /// <summary>The steps of an ensemble that descends an objective under this law.</summary>
    Stepping Bind(Ensemble what, Objective objective, Draw draw, IMatrixEngine engine);
}

/// <summary>Which draw of what is random on the way: batches, Brownian paths.</summary>
/// <param name="Seed">That of batches, and of the paths of the neurons of networks and of tracers.</param>
/// <param name="HostSeed">That of the paths of the massive neurons of a limit, in pairs of opposite sign; null where
/// these are a network's own.</param>
public readonly record struct Draw(ulong Seed, ulong? HostSeed = null);

/// <summary>A method bound to what it moves: takes steps, and chooses and judges them.</summary>
public sealed record Stepping(IStepper Stepper, IStepControl Control)
{
    /// <summary>No step is longer.</summary>
    public double LongestStep { get; init; } = double.PositiveInfinity;

    /// <summary>Times that no step goes across.</summary>
    public IReadOnlyList<double> Jumps { get; init; } = [];

    /// <summary>That of an ensemble, which is put back where its weights are held after every step.</summary>
    internal static Stepping Of(Ensemble what, (IStepper Stepper, IStepControl Control) method)
    {
        if (what.Architecture.Constraint != WeightConstraint.Sphere) return new(method.Stepper, method.Control);
        var held = new ProjectedMethod(method.Stepper, method.Control, new UnitSphere(what).Normalise);
        return new(held, held);
    }
}
