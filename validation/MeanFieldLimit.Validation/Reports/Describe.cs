namespace MeanFieldLimit.Validation.Reports;

/// <summary>Parts of a problem in words.</summary>
internal static class Describe
{
    internal static string Data(Model model)
    {
        var (data, spec) = (model.Data, model.Problem.Data);
        var detail = spec switch
        {
            CsvData csv => $" {csv.Path}, {data.Found}",
            NumPyData arrays => $" {arrays.Path ?? arrays.Inputs}, {data.Found}",
            IdxData idx => $" {idx.Images}{Images(idx)}",
            CifarData cifar => $" {string.Join(", ", cifar.Files)}" +
                (cifar.TestFile is { } tested ? $", to test on {tested}" : "") +
                (cifar.Labels == CifarLabels.One ? "" : $", {Names.Of(cifar.Labels)} labels") + Images(cifar),
            IsotropicData isotropic => $", delta = {isotropic.Delta}",
            SyntheticData { Teacher: { } teacher } s => $", {Names.Of(s.Inputs)} inputs, " +
                $"teacher of {teacher.Width ?? teacher.Neurons!.Count} {teacher.Activation} neurons{Noise(s)}",
            SyntheticData s => $", {Names.Of(s.Inputs)} inputs, target {s.Target}{Noise(s)}",
            _ => "",
        };
        var points = spec is IGeneratedData { Expectation: { } rule }
            ? $"points for the law ({rule})"
            : "training points";
        return $"{Names.OfKind(spec)}{detail}; {data.Train.Count} {points}" +
            (data.SumOfMasses is { } sum ? $" with masses, of the sum {sum:G6} before they were divided by it" : "") +
            (data.Test is { } test ? $", {test.Count} test points" : "") +
            $", d = {data.Train.Inputs}, K = {data.Train.Outputs}";
    }

    private static string Images(IImageFiles files) =>
        (files.Pool > 1 ? $", means of {files.Pool} x {files.Pool} pixels" : "") +
        (files.Classes is { } classes ? $", class {classes[0]} against {classes[1]}" : "");

    /// <summary>Null for independent parameters, which the laws of the layers say all of.</summary>
    internal static string? Embedding(EmbeddingSpec spec) => spec is not CorrelatedSpec correlated ? null
        : $"correlated, latents for incoming and outgoing weights {correlated.Latent} each, mean " +
            Names.OfKind(correlated.Mean) + correlated.Mean switch
            {
                RandomFeaturesMean m => $" (frequency {m.Frequency:G6})",
                GaussianKernelMean m => $" (length {m.Length:G6})",
                _ => "",
            } + $", {correlated.Noise:P0} of the variance independent";

    internal static string Layer(LayerSpec layer, BiasMode biases) =>
        $"weights {Law(layer.Weights)}" +
        (layer.Constraint == WeightConstraint.None ? "" : $", constraint {Names.Of(layer.Constraint)}") +
        (biases == BiasMode.None ? "" : $", biases {(layer.Bias is { } bias ? Law(bias) : "zero")}") +
        $", activation {layer.Activation ?? "identity"}" +
        (layer.Interaction == "weighted-sum" ? "" : $", interaction {layer.Interaction}") +
        (layer.Rate is { } rate ? $", rate {rate}" : "");

    internal static string Scaling(ScalingSpec spec)
    {
        var scaling = spec.Build();
        var (sum, outgoing, incoming) =
            (scaling.Exponents.Sum, scaling.Exponents.Outgoing, scaling.Exponents.Incoming);
        return FormattableString.Invariant($"{Names.Of(spec.Kind)}: with s = N/{scaling.Reference:G6} the sum goes ") +
            FormattableString.Invariant($"like {scaling.Factor:G4} s^{sum:G3}, rates like s^{outgoing:G3} (outgoing ") +
            FormattableString.Invariant($"weights) and s^{incoming:G3} (incoming)") +
            (scaling.Exponents.Growth == 0 ? "" : FormattableString.Invariant(
                $"; outputs and risks are in units of s^{scaling.Exponents.Growth:G3}"));
    }

    internal static string Law(LawSpec law) => law switch
    {
        GaussianLaw g => $"gaussian (mean {g.Mean:G6}, std {g.Std:G6})",
        UniformLaw u => $"uniform on [{u.Low:G6}, {u.High:G6}]",
        RademacherLaw r => $"rademacher ({r.Mean - r.Scale:G6} or {r.Mean + r.Scale:G6})",
        ConstantLaw c => $"constant {c.Value:G6}",
        _ => Names.OfKind(law),
    };

    private static string Noise(SyntheticData data) => data.Noise > 0 ? $", noise {data.Noise:G6}" : "";
}
