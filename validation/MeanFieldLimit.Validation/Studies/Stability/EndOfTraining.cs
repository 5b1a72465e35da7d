using MeanFieldLimit.Limits.Particles;

namespace MeanFieldLimit.Validation.Studies.Stability;

/// <summary>
/// Training linearised at its end, of networks and limits alike: yhat(x_i) moves by &lt;a_i, e> with e in the metric of
/// masses and rates, in which &lt;a_i, a_j> is the tangent kernel, so SGD is that on a mean of quadratics where the fit
/// is exact.
/// </summary>
internal sealed class EndOfTraining
{
    // Eigenvectors of larger kernels, and matrices of their second moments, take minutes.
    private const int MostPoints = 512;

    // One difference may vanish by chance; the factor is that of errors of types that have no law of decay.
    private const int Others = 2;
    private const double Safety = 2;

    private readonly Model model;
    private readonly double slope;      // l''

    /// <exception cref="ProblemException">The problem does not allow it.</exception>
    internal EndOfTraining(Model model)
    {
        var (problem, loaded, data) = (model.Problem, model.Loaded, model.Data.Train);
        (this.model, slope) = (model, problem.Training.Loss == "squared" ? 2 : 1);
        Refuse(problem.Training.Loss is not ("squared" or "half-squared"), "training.loss", "loss must be squared " +
            $"or half-squared for stability, whose fit is exact, got {problem.Training.Loss}; use half-squared");
        Refuse(model.IsNoisy, "training.dynamics", "dynamics must be flow or sgd for stability, which " +
            $"end at a fit, got {Names.Of(problem.Training.Dynamics)}; use flow");
        Refuse(problem.Training.WeightDecay > 0, "training.weightDecay", "weightDecay must be 0 for stability, or " +
            $"no fit is a minimum, got {problem.Training.WeightDecay:G6}; remove it");
        Refuse(problem.Scaling is not null, "scaling", "scaling must not be given for stability, which is of the " +
            $"mean-field scaling, got {(problem.Scaling is { } s ? Names.Of(s.Kind) : "")}; remove it");
        Refuse(problem.Limit.Reduction != Reduction.None, "limit.reduction", "reduction must be none for stability, " +
            $"whose batches are of points, got {Names.Of(problem.Limit.Reduction)}; remove it");
        foreach (var (i, layer) in problem.Network.Layers.Index())
            Refuse(layer.Interaction != "weighted-sum", $"network.layers[{i}].interaction", "interaction must be " +
                $"weighted-sum for stability, got {layer.Interaction}; remove the key");
        Refuse(model.Embedding.Architecture.Constraint == WeightConstraint.Sphere, "network.layers[0].constraint",
            "constraint must be none or starts-on-sphere for stability, whose steps leave the sphere, got sphere; " +
            "remove the constraint");
        Refuse(!model.Embedding.Architecture.IsDense, "network.image", "layers must be dense for stability, got " +
            "convolutions; remove them");
        Refuse(data.Outputs > 1, "data", $"points must have one output for stability, got {data.Outputs}; use one");
        Refuse(!data.HasEqualMasses, "data", "points must have equal masses for stability, whose batches have no " +
            "point twice, got others; remove the masses, or use a sample");
        Refuse(data.Count > MostPoints, "data", $"there must be at most {MostPoints} training points for stability, " +
            $"got {data.Count}; use fewer");
        Batches = problem.Stability?.Batches ?? [.. Enumerable.Range(0, 31).Select(k => 1 << k)
            .Where(b => b < data.Count), data.Count];
        foreach (var (i, batch) in Batches.Index())
            Refuse(batch > data.Count, $"stability.batches[{i}]", $"a batch must have at most the {data.Count} " +
                $"training points, got {batch}; use a smaller one");

        void Refuse(bool broken, string key, string rule)
        {
            if (broken) throw loaded.Error($"$.{key}", rule);
        }
    }

    /// <summary>Batch sizes.</summary>
    internal IReadOnlyList<int> Batches { get; }

    /// <summary>What second moments take, some batches at once, in words.</summary>
    /// <exception cref="ProblemException">There is not that much.</exception>
    internal string Memory(int threads)
    {
        var (points, atOnce) = (model.Data.Train.Count, Math.Min(threads, Batches.Count));
        var bytes = BatchStability.Bytes(points);
        if (atOnce * bytes > MemoryLimit.Bytes)
            throw model.Loaded.Error("$.data", $"second moments of {points} points must fit into memory, {atOnce} " +
                $"batch sizes at once take {MemoryLimit.Share(atOnce * bytes)}; use fewer points or threads");
        return FormattableString.Invariant($"then {atOnce} x {bytes / 1e6:N0} MB for second moments of batches");
    }

    /// <summary>The limit of a network with its kernel and, on other nodes, what that is known to.</summary>
    internal LimitEnd Of(LimitSolution solution, Machine machine)
    {
        var gram = Gram(((ITraceable)solution.Limit).Initial, solution.Trained, machine);
        if (TensorPrimitives.Max<double>(gram) == 0)
            throw model.Loaded.Error("$.network", "outputs must depend on trained parameters at the end of training " +
                "for stability, got a tangent kernel of 0; train a layer, or start from other weights");
        double[] steps = LargestSteps(gram), errors = [.. steps.Select(_ => 0.0)];
        for (var which = 1; which <= Others; which++)
        {
            var other = ((ParticleLimit)solution.Limit).OnOtherNodes(which);
            var run = other.Begin(machine, $"other-nodes-{which}").Complete().Trained;
            if (!run.Result.Succeeded)
                return new(gram, [.. steps.Select(_ => double.NaN)]) { Untold = LimitText.Outcome(run) };
            errors = [.. LargestSteps(Gram(other.Initial, run, machine)).Zip(steps, errors).Select(s =>
                Math.Max(s.Third, Safety * Math.Abs(s.First - s.Second)))];
        }
        return new(gram, errors);
    }

    /// <summary>A trained network: how well it fits, and its largest stable steps.</summary>
    internal NetworkEnd OfNetwork(Trained trained, int width, int replicate, Machine machine) => new(width, replicate,
        Misfit(trained.Trajectory.Train[^1].Risk), LargestSteps(Gram(model.Sample(
            model.Hidden(width), replicate), trained, machine)));

    /// <summary>The largest stable step of SGD as in training, whose batches may have a point twice, in a state; of
    /// gradient descent where there is no batch.</summary>
    internal double LargestStep(Ensemble ensemble, ReadOnlySpan<double> state, int? batch, IMatrixEngine engine)
    {
        var of = Quadratic(Gram(ensemble, state, 0, engine));
        return batch is { } points ? new BatchStability(of, points, withReplacement: true).LargestStep
            : 2 / of.Curvatures[0];
    }

    internal SampledQuadratic Quadratic(double[] gram) => SampledQuadratic.OfGram(gram, model.Data.Train.Count);

    /// <summary>The mean square of the error at the end over the variance of the labels, 0 of an exact fit.</summary>
    internal double Misfit(double risk)
    {
        var (y, mean) = (model.Data.Train.Y, model.Data.Train.Y.Average());
        var variance = y.Average(label => (label - mean) * (label - mean));
        return risk == 0 ? 0 : 2 / slope * risk / variance;
    }

    private double[] LargestSteps(double[] gram)
    {
        // Nothing moves with any step.
        if (TensorPrimitives.Max<double>(gram) == 0) return [.. Batches.Select(_ => double.PositiveInfinity)];
        var of = Quadratic(gram);
        return [.. Batches.Select(b => new BatchStability(of, b).LargestStep)];
    }

    /// <summary>&lt;a_i, a_j>: the tangent kernel by the second derivative of the loss.</summary>
    private double[] Gram(Ensemble ensemble, Trained trained, Machine machine) =>
        Gram(ensemble, trained.Result.State, trained.Result.Time, machine.Engine(1));

    private double[] Gram(Ensemble ensemble, ReadOnlySpan<double> state, double time, IMatrixEngine engine)
    {
        double[] rates = [.. model.Schedules.Select(s => s.At(time))];
        var gram = TangentKernel.Of(ensemble, state, model.Data.Train, rates, engine);
        TensorPrimitives.Multiply(gram, slope, gram);
        return gram;
    }
}

/// <summary>The limit at the end of training.</summary>
/// <param name="Gram">&lt;a_i, a_j>.</param>
/// <param name="Errors">Of the largest steps, by batch: twice the larger difference to two limits on other nodes; NaN
/// where one of these did not reach its end.</param>
internal sealed record LimitEnd(double[] Gram, double[] Errors)
{
    /// <summary>How that one ended, after "the limit on other nodes".</summary>
    public string? Untold { get; init; }
}

/// <summary>The end of the training of a network.</summary>
/// <param name="Width">N.</param>
/// <param name="Replicate">Its draw.</param>
/// <param name="Misfit">Its mean square error over the variance of the labels.</param>
/// <param name="LargestSteps">The largest stable steps, by batch.</param>
internal sealed record NetworkEnd(int Width, int Replicate, double Misfit, double[] LargestSteps);
