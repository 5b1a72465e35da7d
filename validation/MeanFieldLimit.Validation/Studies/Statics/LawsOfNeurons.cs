using MeanFieldLimit.Limits.Laws;

namespace MeanFieldLimit.Validation.Studies.Statics;

/// <summary>
/// The laws rho of neurons (a, w), |w| = r and |a| at most R, over which the infimum is taken, and what each costs:
/// E_P[l(int a s(&lt;w, x>) d rho, y)] + lambda r int |a| d rho.
/// </summary>
internal sealed class LawsOfNeurons
{
    // Sums over measures of a larger mass have too few digits left.
    private const double MostMass = 1e6, Largest = 1e100;

    private readonly Model model;

    /// <exception cref="ProblemException">The data, or the penalty for it, does not allow the infimum.</exception>
    internal LawsOfNeurons(Model model)
    {
        var (data, loaded) = (model.Data.Train, model.Loaded);
        if (model.Problem.Statics is not { } statics)
            throw loaded.Error("$.statics", "statics must be given for statics, found none; add it, such as " +
                "{ \"bound\": 3 }: |a| of outgoing weights is at most 3 then");
        if (data.Inputs != 2 || data.Outputs != 1)
            throw loaded.Error("$.data", "points must have two inputs and one output for statics, whose duality gap " +
                $"is computed on a circle of incoming weights, got {data.Inputs} and {data.Outputs}; use such points");
        if (data.Masses.Any(m => m < 0))
            throw loaded.Error("$.data", "masses of points must not be negative for statics, or the risk is not " +
                "convex in the law of neurons, got a negative one; use another rule, such as gauss");
        (this.model, Length) = (model, statics.Length);
        Price = statics.Penalty * Length;
        var risk = NewRisk();
        double[] around = [0, Math.PI / 2, Math.PI, 3 * Math.PI / 2];
        var nothing = risk.Value([], []);
        var reach = around.Max(angle => Math.Abs(risk.Value([angle], [statics.Bound ?? 1])));
        if (!(nothing < Largest && reach < Largest))
            throw loaded.Error("$.data", "inputs and labels must leave the risk below 1e100 for statics, got " +
                $"{Math.Max(nothing, reach):G3}; use smaller ones");
        Mass = Math.Min(statics.Bound ?? double.PositiveInfinity,
            Price > 0 ? nothing / Price : double.PositiveInfinity);
        if (Mass > MostMass)
            throw loaded.Error("$.statics.penalty", "penalty must leave the mean |a| of a minimiser below " +
                $"{MostMass:G1}, got {statics.Penalty:G6}, by which it is below {Mass:G3}; use a larger one, " +
                "or a bound");
        // Data that nothing fits better than no neuron: any mass will do.
        if (Mass == 0) Mass = 1;
    }

    /// <summary>r, the length of incoming weights.</summary>
    internal double Length { get; }

    /// <summary>R, a bound of |a|; beside a penalty alone one that no minimiser exceeds in the mean.</summary>
    internal double Mass { get; }

    /// <summary>lambda r, what a unit of |a| costs.</summary>
    internal double Price { get; }

    internal ulong Seed => model.Seed;

    /// <summary>Whether the mean risk of sampled networks is known exactly.</summary>
    internal bool IsQuadratic => model.Problem.Training.Loss is "half-squared" or "squared";

    /// <summary>The risk over measures of directions; each is for one thread.</summary>
    internal DirectionRisk NewRisk() => new(model, Length);

    /// <summary>The infimum, where F >= 0.</summary>
    internal SparseMinimum Minimise(CancellationToken cancellation)
    {
        var risk = NewRisk();
        return FrankWolfe.Minimise(risk, new Circle(risk.Breaks, risk.Bend), Mass, Price, cancellation);
    }

    /// <summary>The neurons of a network by angles (alpha, phi), a = R sin alpha.</summary>
    internal BoundedNeurons NewNeurons() => new(NewRisk().Neurons, Mass, Length, Price);
}
