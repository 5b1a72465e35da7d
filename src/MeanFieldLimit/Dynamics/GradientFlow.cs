using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Dynamics;

/// <summary>The gradient flow on the whole data, in continuous time.</summary>
/// <param name="Method">Name of a <see cref="TimeMethod"/>.</param>
/// <param name="Tolerance">Relative and absolute, of a method with an error estimate.</param>
/// <param name="Step">The step of a method without.</param>
/// <param name="LongestStep">No step of a method with an error estimate is longer.</param>
public sealed record GradientFlow(string Method, double Tolerance = 1e-8, double? Step = null,
    double? LongestStep = null) : IDynamics
{
    /// <summary>The largest system that the method auto may go over to differentiation formulas for.</summary>
    internal int MostImplicit { get; init; } = AutomaticMethod.SmallSystem;

    /// <summary>Times that no step goes across, beside those at which rates jump.</summary>
    internal IReadOnlyList<double> Stops { get; init; } = [];

    /// <inheritdoc/>
    public string InWords => FormattableString.Invariant($"gradient flow, {Method} with ") +
        (!TimeMethod.Find(Method).EstimatesError ? FormattableString.Invariant($"step {Step:G6}")
            : FormattableString.Invariant($"tolerance {Tolerance:0.##e0}") + (LongestStep is { } longest
                ? FormattableString.Invariant($", steps of at most {longest:G6}") : ""));

    /// <inheritdoc/>
    public Stepping Bind(Ensemble what, Objective objective, Draw draw, IMatrixEngine engine)
    {
        var method = TimeMethod.Find(Method);
        var velocity = objective.Velocity(what, engine);
        return Stepping.Of(what, method.EstimatesError
            ? method.Adaptive(velocity, new(Tolerance, Tolerance), new MassNorm(what), MostImplicit)
            : method.Fixed(velocity, Step!.Value)) with
        {
            LongestStep = LongestStep ?? double.PositiveInfinity,
            Jumps = [.. Jumps(objective).Concat(Stops).Order()],
        };
    }

    // Euler's method is to be compared with SGD, which has no time between its steps.
    internal IReadOnlyList<double> Jumps(Objective objective) =>
        TimeMethod.Find(Method).Order == 1 ? [] : objective.Jumps;
}
