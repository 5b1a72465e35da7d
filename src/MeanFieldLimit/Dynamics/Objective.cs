using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Dynamics;

/// <summary>
/// What ensembles descend: E_P[l(yhat, y)] + lambda/2 |w|^2, with learning rates of the layers; |w|^2 is the sum of the
/// squares of the weights, biases apart, in the mass-weighted norm.
/// </summary>
/// <param name="Loss">l.</param>
/// <param name="Data">P.</param>
/// <param name="Rates">xi_1..xi_L.</param>
/// <param name="WeightDecay">lambda, at least 0.</param>
public sealed record Objective(ILoss Loss, ExperimentData Data, IReadOnlyList<ISchedule> Rates, double WeightDecay = 0)
{
    /// <summary>Times at which a rate jumps, increasing.</summary>
    public IReadOnlyList<double> Jumps => [.. Rates.SelectMany(s => s.Jumps).Distinct().Order()];

    /// <summary>E_P itself, for an ensemble whose kinks its nodes may have to follow.</summary>
    public IExpectation Full(Ensemble ensemble, IMatrixEngine engine) => Data.Lengths is { } law
        ? new UnkinkedExpectation(law, ensemble, engine)
        : new FullExpectation(Data.Train);

    /// <summary>The velocity of an ensemble under E_P or, where one is given, another expectation.</summary>
    public MeanFieldVelocity Velocity(Ensemble ensemble, IMatrixEngine engine, IExpectation? expectation = null) =>
        new(ensemble, Loss, expectation ?? Full(ensemble, engine), engine, Rates) { WeightDecay = WeightDecay };
}
