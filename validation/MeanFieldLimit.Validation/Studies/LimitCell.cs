using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>A limit that other cells need, solved on the whole machine with its error.</summary>
internal sealed class LimitCell
{
    private readonly ILimit limit;
    private readonly Cell<Solved> cell;

    /// <summary>That of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="key">Its key.</param>
    /// <param name="predicts">Whether it predicts the gap of networks too.</param>
    /// <param name="parameters">Whether that of parameters as well.</param>
    internal LimitCell(Model model, string key = "limit", bool predicts = false, bool parameters = false)
    {
        limit = ILimit.Of(model);
        cell = new(key, double.MaxValue, [], context =>
        {
            var solution = Certifier.Solve(limit, context.Machine, key);
            var (gap, reason) = predicts ? GapPrediction.Of(solution, context.Machine, parameters)
                : (null, null);
            return new($"the {key.Replace('/', ' ')}", solution, new(gap, reason));
        })
        {
            WholeMachine = true,
        };
    }

    /// <summary>To be among the needs of cells.</summary>
    internal ICell Cell => cell;

    /// <summary>The limit; one that ended early too.</summary>
    internal LimitSolution Of(Done done) => done.Get(cell).Solution.Of(limit);

    /// <inheritdoc cref="Of(Done)"/>
    internal LimitSolution Of(CellContext context) => context.Get(cell).Solution.Of(limit);

    /// <summary>The gap of networks that it predicts.</summary>
    internal Prediction Predicted(Done done) => done.Get(cell).Prediction;

    private sealed record Solved(string Name, LimitSolution Solution, Prediction Prediction) : IMayFail
    {
        CellFailure? IMayFail.Failure => Solution.Trained.Result.Succeeded ? null
            : CellFailure.Of(Name, Solution.Trained);
    }
}
