using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>What a scaling other than the mean-field one asks of the rest of the problem.</summary>
internal static class ScalingCheck
{
    internal static Refusal? Refuse(Problem problem) => problem.Scaling is { } scaling
        ? RefuseKeys(scaling) ?? RefuseNetwork(problem, scaling) ?? RefuseTraining(problem, scaling)
            ?? RefuseLimit(problem, scaling) ?? RefuseInitial(problem)
        : problem.Limit.Ratio is { } ratio ? Alone("ratio", Number.Text(ratio))
        : problem.Limit.Initial is { Values: not null } or { Draw: not null } ? Alone("initial", "an initial function")
        : null;

    /// <summary>Whether the limit is a kernel's: that of the NTK scaling at an infinite width.</summary>
    internal static bool IsKernel(Problem problem) => problem is { Scaling.Kind: ScalingKind.Ntk, Limit.Ratio: null };

    private static Refusal Alone(string key, string found) => new($"$.limit.{key}",
        $"{key} must not be given without a scaling, got {found}; add scaling, or remove it");

    private static Refusal? RefuseKeys(ScalingSpec scaling)
    {
        var given = new[] { scaling.Sum, scaling.Outgoing, scaling.Incoming };
        return scaling.Kind == ScalingKind.Exponents && given.Any(e => e is null)
                ? new("$.scaling", "exponents must be given as sum, outgoing and incoming, " +
                    $"found {given.Count(e => e is not null)} of the three; give all")
            : scaling.Kind != ScalingKind.Exponents && given.Any(e => e is not null)
                ? new("$.scaling.kind", $"exponents must not be given beside {Names.Of(scaling.Kind)}, which has " +
                    $"its own, found {given.Count(e => e is not null)}; remove them, or use the kind exponents")
            : scaling is { Kind: not ScalingKind.Ntk, Width: null }
                ? new("$.scaling.width", $"width must be given for {Names.Of(scaling.Kind)}, found none; add that of " +
                    "a reference network, such as 64")
            : null;
    }

    private static Refusal? RefuseNetwork(Problem problem, ScalingSpec scaling)
    {
        var (network, layers) = (problem.Network, problem.Network.Layers);
        if (layers.Count > 2 && scaling.Kind != ScalingKind.Ntk)
            return new("$.network.layers", $"{Names.Of(scaling.Kind)} must have one hidden layer, got " +
                $"{layers.Count - 1}: its exponents are those of one sum; use ntk, or leave scaling out");
        if (layers.Count > 2 && problem.Limit.Ratio is { } ratio)
            return new("$.limit.ratio", "ratio must be left out with more than one hidden layer, got " +
                $"{Number.Text(ratio)} and {layers.Count - 1}: weights between hidden layers have the mean 0, at " +
                "which an ensemble does not stand for them; remove it for the kernel limit");
        if (network.Embedding is not IidSpec)
            return new("$.network.embedding", "initial weights must be independent in a scaling, found an embedding " +
                "that correlates them; remove it");
        if (layers[^1].Activation is not (null or "identity"))
            return new($"$.network.layers[{layers.Count - 1}].activation", "the output layer must be linear in a " +
                $"scaling, got {layers[^1].Activation}; use identity");
        return layers.FirstRefusal((layer, i) =>
            layer.Interaction != "weighted-sum"
                ? new($"$.network.layers[{i}].interaction", "interaction must be weighted-sum in a scaling, got " +
                    $"{layer.Interaction}; remove it")
            : (i > 0 || DrawsInitial(problem)) && layer.Weights.Build().Mean != 0
                ? new($"$.network.layers[{i}].weights", "weights must be centred in a scaling, got the mean " +
                    $"{Number.Text(layer.Weights.Build().Mean)}: their sum would grow with the width; use the mean 0")
            : layer.Weights.Build().StandardDeviation == 0
                ? new($"$.network.layers[{i}].weights", "weights must be random in a scaling, got a constant; use a " +
                    "gaussian law")
            : scaling.Kind == ScalingKind.Ntk && layer.Weights is not GaussianLaw
                ? new($"$.network.layers[{i}].weights.law", "weights must be gaussian for a kernel, got " +
                    $"{Names.OfKind(layer.Weights)}; use gaussian, of the same variance")
            : i == 0 && DrawsInitial(problem) && layer.Weights is not GaussianLaw
                ? new($"$.network.layers[{i}].weights.law", "weights must be gaussian where the initial function is " +
                    $"drawn, got {Names.OfKind(layer.Weights)}; use gaussian, or give limit.initial.values")
            : IsKernel(problem) && layer.Rate is not (null or ConstantRate)
                ? new($"$.network.layers[{i}].rate", "rate must be constant for a kernel, which stays as it starts, " +
                    $"got {layer.Rate}; use constant")
            : network.Biases == BiasMode.Trained && i < layers.Count - 1
                && layer.Bias?.Build().StandardDeviation is null or 0
                ? new($"$.network.layers[{i}].bias", "biases must be random where they are trained in a scaling, " +
                    "whose learning rates go with their variance, got a constant; use a gaussian law, or frozen")
            : layer.Bias?.Build() is { Mean: not 0 and var mean }
                ? new($"$.network.layers[{i}].bias", $"biases must be centred in a scaling, got the mean " +
                    $"{Number.Text(mean)}; use the mean 0")
            : DrawsInitial(problem) && layer.Bias is not (null or GaussianLaw or ConstantLaw)
                ? new($"$.network.layers[{i}].bias.law", "biases must be gaussian where the initial function is a " +
                    $"Gaussian process, got {Names.OfKind(layer.Bias)}; use gaussian, of the same variance")
            : i > 0 && i == layers.Count - 1 && scaling.Build().Exponents.Sum != -0.5
                && layer.Bias?.Build().StandardDeviation is { } std and not 0
                ? new($"$.network.layers[{i}].bias", $"output biases must start at 0 in {Names.Of(scaling.Kind)}, " +
                    $"got the standard deviation {Number.Text(std)}: they do not go with the sum; remove the bias")
            : null);
    }

    /// <summary>
    /// Whether the limit starts at a draw of a Gaussian process, or is the law of one: its kernels are those of normal
    /// pre-activations.
    /// </summary>
    internal static bool DrawsInitial(Problem problem) => IsKernel(problem)
        || (problem is { Scaling: { } scaling, Limit.Initial.Values: null }
            && (problem.Limit.Ratio is not null || !scaling.Build().Exponents.ForgetsInitial));

    private static Refusal? RefuseTraining(Problem problem, ScalingSpec scaling) =>
        problem.Training.IsNoisy
            ? new("$.training.dynamics", "a scaling must be moved by flow or sgd, got " +
                $"{Names.Of(problem.Training.Dynamics)}; use flow")
        : scaling.Kind == ScalingKind.IcMf && problem.Training.Dynamics == DynamicsKind.Sgd
            ? new("$.training.dynamics", "dynamics must be flow for ic-mf, whose initial function is known at the " +
                "points of the problem alone, got sgd; use flow, for gradient descent with the method euler")
        : IsKernel(problem) && problem.Training.Until is not null
            ? new("$.training.until", "until must not be given for a kernel, which goes to the final time, got one; " +
                "remove it, or shorten time")
        : problem.Data is IGeneratedData { Expectation: not null }
            ? new("$.data.expectation", "data must be points in a scaling, whose initial function is one of values " +
                "at them, found an expectation; use points")
        : problem.Training.WeightDecay > 0
            ? new("$.training.weightDecay", $"weightDecay must be 0 in a scaling, got " +
                $"{Number.Text(problem.Training.WeightDecay)}; remove it")
        : problem.Couple.Tracers > 0
            ? new("$.couple.tracers", $"tracers must be 0 in a scaling, got {problem.Couple.Tracers}: the limit " +
                "beside a network starts at its function; remove the key")
        : problem.Density is not null || problem.Chaos is not null
            ? new("$.scaling", "a scaling must be left out of problems with density or chaos, found both; remove one")
        : null;

    private static Refusal? RefuseLimit(Problem problem, ScalingSpec scaling)
    {
        var (limit, loss) = (problem.Limit, Catalogue.Find<ILoss>(problem.Training.Loss));
        if (limit.Reduction != Reduction.None || limit.Accuracy is not null)
            return new("$.limit", "a scaling must have a limit with types or none, without reduction or accuracy; " +
                "remove these");
        if (limit.Dynamics == DynamicsKind.Sgd)
            return new("$.limit.dynamics", "the limit of a scaling must be on all points, got sgd; use flow, for " +
                "gradient descent with the method euler and its step");
        if (limit.Ratio is not null) return null;
        if (scaling.Kind == ScalingKind.Exponents)
            return new("$.limit.ratio", "ratio must be given for exponents, found none: they need have no limit; " +
                "give the width over scaling.width that the limit is to keep");
        if (ScalingExponents.Named[scaling.Kind].Growth == 0) return null;
        if (limit.Method != "euler")
            return new("$.limit.method", $"{Names.Of(scaling.Kind)} must be moved by gradient descent, got the flow " +
                $"by {limit.Method}: in continuous time it is the flow of a kernel with time sped up; use euler with " +
                "its step, or ntk");
        return loss.Name is "logistic" or "softmax-cross-entropy" ? null
            : new("$.training.loss", $"{Names.Of(scaling.Kind)} must have a loss whose slope has limits far out, got " +
                $"{loss.Name}: every step would multiply outputs by a power of the width; use logistic or " +
                "softmax-cross-entropy, or a limit.ratio");
    }

    private static Refusal? RefuseInitial(Problem problem)
    {
        if (problem.Limit.Initial.Values is not { } values) return null;
        if (problem.Data is not PointsData { Masses: null, Test: 0 } points)
            return new("$.limit.initial.values", "values must be those at data of kind points, none held out, found " +
                "other data; leave them out for a draw");
        var count = points.X.Count + (points.XTest?.Count ?? 0);
        return values.Count == count && values.All(v => v.Count == points.Y[0].Count) ? null
            : new("$.limit.initial.values", $"values must be {count} rows of {points.Y[0].Count}, one a training " +
                $"point and then one a test point, got {values.Count}; complete or shorten them");
    }
}
