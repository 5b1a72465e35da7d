namespace MeanFieldLimit.Experiments;

/// <summary>
/// What a limit's discretisation costs, each part as the largest rms difference over the save times between its
/// predictions and those of a limit discretised otherwise.
/// </summary>
/// <param name="Types">Fewer nodes for the types, or another randomisation of them.</param>
/// <param name="Time">A hundredth of the tolerance, or half the step; 0 under SGD, where the step is part of the
/// problem.</param>
/// <param name="Data">Another sample of a continuous data law; 0 where finite networks see the same points.</param>
public readonly record struct ErrorEstimate(double Types, double Time, double Data)
{
    /// <summary>The sum of the parts.</summary>
    public double Total => Types + Time + Data;
}

/// <summary>A solved limit and the error of its discretisation.</summary>
/// <param name="Limit">The limit's run.</param>
/// <param name="Error">Its error.</param>
/// <param name="Nodes">Nodes per hidden layer.</param>
/// <param name="SolveSeconds">Wall time of the limit alone.</param>
/// <param name="ErrorSeconds">Wall time of the further runs that the error estimate took.</param>
public sealed record LimitSolution(Trained Limit, ErrorEstimate Error, IReadOnlyList<int> Nodes,
    double SolveSeconds, double ErrorSeconds)
{
    /// <summary>What was recorded of the limit.</summary>
    public Trajectory Trajectory => Limit.Trajectory;
}
