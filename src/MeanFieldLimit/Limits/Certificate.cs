using MeanFieldLimit.Problems;
using static System.FormattableString;

namespace MeanFieldLimit.Limits;

/// <summary>How a limit was refined to an accuracy, and what stopped it if it was not reached.</summary>
/// <param name="Accuracy">The accuracy asked for, in the units of <see cref="ErrorEstimate"/>.</param>
/// <param name="Rounds">The limits solved on the way, the last one being the result.</param>
/// <param name="Obstacle">What stopped the refinement; null where the accuracy was reached.</param>
public sealed record Certificate(double Accuracy, IReadOnlyList<Refinement> Rounds, Obstacle? Obstacle)
{
    /// <summary>Whether the estimated error is at most the accuracy asked for.</summary>
    public bool Reached => Obstacle is null;

    /// <summary>The outcome in a sentence.</summary>
    public string Text => Obstacle is null
        ? Invariant($"accuracy {Accuracy:G2} reached in {Rounds.Count} rounds")
        : Invariant($"accuracy {Accuracy:G2} not reached: {Obstacle.Text}");
}

/// <summary>A limit solved on the way to an accuracy: types and tolerance, nodes per hidden layer, errors.</summary>
public sealed record Refinement(LimitSpec Limit, IReadOnlyList<int> Nodes, ErrorEstimate Error,
    IReadOnlyList<TypeError> TypeErrors);

/// <summary>
/// What stopped a refinement: the part of the error (types of some layers, time or data) that needs more, what does not
/// allow it (memory, work, a rule's largest size), and what it would take, null where unknown.
/// </summary>
public sealed record Obstacle(string Part, double Error, string Reason, Cost? Cost)
{
    /// <summary>What stopped and what it would take, in a clause.</summary>
    public string Text => Invariant($"{Part} has the error {Error:G2}; {Reason}; ") + (Cost is null
        ? "what it would take cannot be told from the convergence so far"
        : Invariant($"it would take about {Cost.Size}, {Cost.Bytes / 1e9:G2} GB, {Cost.Work:G2} operations and ") +
            Invariant($"{Cost.Seconds / 3600:G2} hours"));
}

/// <summary>
/// What an accuracy would take, extrapolated: nodes, level or points; memory of the limit; floating-point operations of
/// it and its error estimate; their time at the speed of the last round.
/// </summary>
public sealed record Cost(string Size, double Bytes, double Work, double Seconds);
