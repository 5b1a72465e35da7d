using System.Reflection;
using System.Text.Json.Serialization;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>Parts of a problem in words.</summary>
internal static class Describe
{
    /// <summary>The name that problem files give to the kind of a data source, a law or a rule.</summary>
    internal static string Kind(object spec) =>
        spec.GetType().BaseType!.GetCustomAttributes<JsonDerivedTypeAttribute>()
            .First(a => a.DerivedType == spec.GetType()).TypeDiscriminator!.ToString()!;

    internal static string Data(Model model)
    {
        var (data, spec) = (model.Data, model.Problem.Data);
        var detail = spec switch
        {
            CsvData csv => $" {csv.Path}, {data.Found}",
            IdxData { Classes: { } classes } idx => $" {idx.Images}, class {classes[0]} against {classes[1]}",
            IdxData idx => $" {idx.Images}",
            IsotropicData isotropic => $", delta = {isotropic.Delta}",
            SyntheticData { Teacher: { } teacher } s => $", {s.Inputs.ToString().ToLowerInvariant()} inputs, " +
                $"teacher of {teacher.Width ?? teacher.Neurons!.Count} {teacher.Activation} neurons{Noise(s)}",
            SyntheticData s => $", {s.Inputs.ToString().ToLowerInvariant()} inputs, target {s.Target}{Noise(s)}",
            _ => "",
        };
        var points = spec is IGeneratedData { Expectation: { } rule }
            ? $"points for the law ({rule})"
            : "training points";
        return $"{Kind(spec)}{detail}; {data.Train.Count} {points}" +
            (data.SumOfMasses is { } sum ? $" with masses, of the sum {sum:G6} before they were divided by it" : "") +
            (data.Test is { } test ? $", {test.Count} test points" : "") +
            $", d = {data.Train.Inputs}, K = {data.Train.Outputs}";
    }

    /// <summary>Null for independent parameters, which the laws of the layers say all of.</summary>
    internal static string? Embedding(EmbeddingSpec spec) => spec is not CorrelatedSpec correlated ? null
        : $"correlated, latents for incoming and outgoing weights {correlated.Latent} each, mean " +
            Kind(correlated.Mean) + correlated.Mean switch
            {
                RandomFeaturesMean m => $" (frequency {m.Frequency:G6})",
                GaussianKernelMean m => $" (length {m.Length:G6})",
                _ => "",
            } + $", {correlated.Noise:P0} of the variance independent";

    internal static string Layer(LayerSpec layer, BiasMode biases) =>
        $"weights {Law(layer.Weights)}" +
        (biases == BiasMode.None ? "" : $", biases {(layer.Bias is { } bias ? Law(bias) : "zero")}") +
        $", activation {layer.Activation ?? "identity"}" + layer.Rate switch
        {
            ConstantRate c => $", rate {c.Value:G6}",
            PowerRate p => $", rate (1 + t/{p.Unit:G6})^(-{p.Exponent:G6})",
            PiecewiseRate p => $", rate {string.Join(", ", p.Values)}, changing at t = {string.Join(", ", p.Times)}",
            _ => "",
        };

    internal static string Law(LawSpec law) => law switch
    {
        GaussianLaw g => $"gaussian (mean {g.Mean:G6}, std {g.Std:G6})",
        UniformLaw u => $"uniform on [{u.Low:G6}, {u.High:G6}]",
        RademacherLaw r => $"rademacher ({r.Mean - r.Scale:G6} or {r.Mean + r.Scale:G6})",
        ConstantLaw c => $"constant {c.Value:G6}",
        _ => Kind(law),
    };

    internal static string Training(TrainingSpec training) => training.Dynamics == DynamicsKind.Sgd
        ? $"sgd with step {training.Step:G6} on batches of {training.Batch}, " +
            $"until t = {training.Time:G6}{Until(training)}"
        : $"gradient flow, {Method(training.Method, training.Tolerance, training.Step, training.LongestStep)}, " +
            $"until t = {training.Time:G6}{Until(training)}";

    private static string Until(TrainingSpec training) =>
        (training.Until?.Risk is { } risk ? $", or until the risk has fallen to {risk:G6}" : "") +
        (training.Until?.Velocity is { } velocity ? $", or until the velocity has fallen to {velocity:G6}" : "");

    internal static string Limit(LimitSpec limit) => limit.Dynamics == DynamicsKind.Sgd
        ? "sgd, with the step and the batches of the networks"
        : $"gradient flow, {Method(limit.Method, limit.Tolerance, limit.Step, limit.LongestStep)}";

    private static string Method(string method, double tolerance, double? step, double? longest) =>
        Methods.Adaptive.Contains(method)
            ? $"{method} with tolerance {tolerance:0.##e0}{(longest is null ? "" : $", steps of at most {longest:G6}")}"
            : $"{method} with step {step:G6}";

    private static string Noise(SyntheticData data) => data.Noise > 0 ? $", noise {data.Noise:G6}" : "";
}
