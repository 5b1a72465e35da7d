using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Dynamics;

/// <summary>SGD: explicit Euler steps on the gradient of batches, t = k step.</summary>
/// <param name="Step">eps, the time of a step.</param>
/// <param name="Batch">Points of a batch.</param>
/// <param name="BatchStep">The time between batches of the stream, <paramref name="Step"/> where absent. Runs of
/// several steps that name the shortest of them see the same batch at the same time.</param>
public sealed record StochasticGradientDescent(double Step, int Batch, double? BatchStep = null) : IDynamics
{
    /// <summary>Of matrix products; what they are added to is in double precision always.</summary>
    public Precision Precision { get; init; }

    /// <inheritdoc/>
    public string InWords => FormattableString.Invariant($"sgd with step {Step:G6} on batches of {Batch}") +
        (Precision == Precision.Single ? ", matrix products in single precision" : "");

    /// <inheritdoc/>
    public Stepping Bind(Ensemble what, Objective objective, Draw draw, IMatrixEngine engine)
    {
        var batches = new BatchExpectation(objective.Data.Source, Streams.Batches(draw.Seed), BatchStep ?? Step,
            Batch, objective.Data.Train);
        var products = Precision == Precision.Single ? engine.InSinglePrecision : engine;
        return Stepping.Of(what, TimeMethod.Find("euler").Fixed(objective.Velocity(what, products, batches), Step));
    }
}
