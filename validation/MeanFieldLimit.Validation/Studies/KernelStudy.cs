using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>The kernels of an infinitely wide network, their spectra, and what these say of the labels.</summary>
internal sealed class KernelStudy : IStudy
{
    // Of the largest eigenvalue: what is added to the diagonal, so that duplicate points leave an inverse.
    private const double Jitter = 1e-12;

    public string Name => "kernel";

    public string Question => "Which kernels has the infinitely wide network, and how hard are the labels for them?";

    public string Help => "Compute the NNGP and the tangent kernel of the NTK scaling. " +
        "Example: mfl kernel problem.json --out runs/kernel";

    public string Example => "reference-kernel";

    public bool HasNetworks => false;

    public Problem Complete(Problem problem) => problem.Scaling is not null ? problem
        : problem with { Scaling = new() { Kind = ScalingKind.Ntk } };

    public IEnumerable<(string Name, string Value)> Settings(Model model) => [];

    public StudyPlan Plan(Model model, int threads)
    {
        if (!model.IsKernel)
            throw model.Loaded.Error("$.scaling.kind", "kind must be ntk for kernels, got " + (model.Problem.Scaling
                is { } scaling ? $"{Names.Of(scaling.Kind)} or a ratio that is kept" : "none") + "; use ntk alone");
        if (KernelNotes.Contradiction(model.Data.Train) is { } contradiction)
            throw model.Loaded.Error("$.data", contradiction);
        var limit = new KernelLimit(model);
        var cell = new Cell<KernelRecord>("kernels", 1, [], context => Measure(limit, context.Machine))
        {
            WholeMachine = true,
        };
        return new([cell], done => Result(limit, done.Get(cell)),
            FormattableString.Invariant($"kernels {limit.Bytes / 1e6:N0} MB"));
    }

    private static KernelRecord Measure(KernelLimit limit, Machine machine)
    {
        var (kernels, train) = (limit.Kernels(machine), limit.Model.Data.Train);
        return new(kernels.Error, train.Count > KernelFlow.MostPoints ? []
            : [.. new[] { ("nngp", kernels.Nngp), ("ntk", kernels.Ntk) }.Select(k => Of(k.Item1, k.Item2))]);

        Spectrum Of(string name, double[] matrix)
        {
            var n = train.Count;
            var gram = new DenseMatrix(kernels.Points, kernels.Points, matrix).SubMatrix(0, n, 0, n);
            var labels = DenseMatrix.OfColumnMajor(train.Outputs, n, train.Y).Transpose();
            var evd = gram.Evd(Symmetricity.Symmetric);
            // The largest first.
            double[] values = [.. evd.EigenValues.Select(v => v.Real).Reverse()];
            var parts = evd.EigenVectors.TransposeThisAndMultiply(labels);
            double[] squares = [.. parts.EnumerateRows().Reverse().Select(p => p.DotProduct(p))];
            var total = squares.Sum();
            var complexity = Math.Sqrt(2.0 / n * squares.Zip(values, (s, v) => s / (v + Jitter * values[0])).Sum());
            var alignment = squares.Zip(values, (s, v) => s * v).Sum()
                / (gram.FrobeniusNorm() * (labels * labels.Transpose()).FrobeniusNorm());
            return new(name, values, [.. squares.Select(s => s / total)], complexity, alignment);
        }
    }

    private static StudyResult Result(KernelLimit limit, KernelRecord record)
    {
        var (kernels, n) = (limit.Kernels(new()), limit.Model.Data.Train.Count);
        int[] shape = [kernels.Points, kernels.Points];
        var headline = $"The kernels of {kernels.Points} points are known to " +
            LimitText.Short(Math.Max(record.Error, 1e-15)) + (record.Spectra.Count == 0
                ? $"; {n} training points are too many for their spectra, at most {KernelFlow.MostPoints} are not."
                : ". " + string.Join(" ", record.Spectra.Select(Sentence).Concat(KernelNotes.Of(kernels, n))));
        return new(headline,
            [
                .. record.Spectra.SelectMany(s => new[]
                {
                    Finding.Of($"{s.Name}-complexity", s.Complexity, $"sqrt(2 y' G^-1 y / n) of the {s.Name}, with " +
                        $"{Jitter:0e-0} of its largest eigenvalue on the diagonal"),
                    Finding.Of($"{s.Name}-alignment", s.Alignment, $"<G, y y'> / (|G| |y y'|) of the {s.Name}"),
                    Finding.Of($"{s.Name}-largest", s.Values[0],
                        $"largest eigenvalue of the {s.Name} on the training points"),
                    Finding.Of($"{s.Name}-smallest", s.Values[^1], $"smallest eigenvalue of the {s.Name} there"),
                }),
            ],
            [
                new("study-spectrum", ["index", .. record.Spectra.SelectMany(s => new[] { s.Name, $"{s.Name}Labels" })],
                    Enumerable.Range(0, record.Spectra.Count == 0 ? 0 : n).Select(k => (object[])
                        [k, .. record.Spectra.SelectMany(s => new object[] { s.Values[k], s.Labels[k] })])),
            ])
        {
            Arrays = new Dictionary<string, NumPyArray>
            {
                ["nngp"] = new(shape, kernels.Nngp),
                ["ntk"] = new(shape, kernels.Ntk),
            },
            Figures = record.Spectra.Count == 0 ? [] :
            [
                SeriesFigure.Draw("spectrum", "Eigenvalues of the kernels on the training points, the largest first.",
                    new("index", true), new("eigenvalue", true), [.. record.Spectra.Select(s => new Series(s.Name,
                        [.. Enumerable.Range(1, n)], s.Values))]),
                SeriesFigure.Draw("alignment", "The part of the labels, as a share of |y|^2, that lies in the " +
                    "leading eigenvectors: under the flow the part of eigenvalue v decays like e^(-v t / n).",
                    new("eigenvectors", true), new("share of the labels", false), [.. record.Spectra.Select(s =>
                        new Series(s.Name, [.. Enumerable.Range(1, n)], [.. Sums(s.Labels)]))]),
            ],
        };
    }

    private static string Sentence(Spectrum s) => $"The {(s.Name == "ntk" ? "tangent kernel" : "NNGP")} has " +
        $"eigenvalues from {LimitText.Short(s.Values[^1])} to {LimitText.Short(s.Values[0])} on the training points; " +
        $"the complexity of the labels is {LimitText.Short(s.Complexity)}, their alignment " +
        $"{LimitText.Short(s.Alignment)}.";

    private static IEnumerable<double> Sums(IReadOnlyList<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) yield return sum += value;
    }

    private sealed record KernelRecord(double Error, IReadOnlyList<Spectrum> Spectra);

    /// <summary>Eigenvalues, the largest first, and the share of the labels in each eigenvector.</summary>
    private sealed record Spectrum(string Name, double[] Values, double[] Labels, double Complexity, double Alignment);
}
