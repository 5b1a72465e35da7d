using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies.Lazy;

/// <summary>What output scales show.</summary>
internal sealed class LazyScalesResult
{
    // A relative movement of the tangent kernel: training is called lazy where it is smaller.
    private const double Still = 0.1;

    private static readonly string[] Proxies = ["kernel limit from f0", "mean-field limit", "ic-mf"],
        Columns = ["toKernel", "toMeanField", "toIcMf"];

    private readonly Model model;
    private readonly LimitSolution kernel;
    private readonly LimitSolution[] limits;
    private readonly LazyNetwork[] networks;
    private readonly double[] alphas;
    private readonly IReadOnlyList<int> widths;

    internal LazyScalesResult(Model model, LimitSolution kernel, LimitSolution[] limits, LazyNetwork[] networks)
    {
        (this.model, this.kernel, this.limits) = (model, kernel, limits);
        this.networks = [.. networks.OrderBy(n => n.Width).ThenBy(n => n.Replicate)];
        (alphas, widths) = ([.. model.Problem.Lazy!.Alphas], model.Problem.Couple.Widths);
        Moved = [.. limits.Select(Movement.Of)];
        Distances = [.. limits.Select(l => l.Trajectory.RmsDistance(kernel.Trajectory, l.Trajectory.Times.Count - 1))];
        Errors = [.. limits.Select(l => l.Error.Total + kernel.Error.Total)];
    }

    /// <summary>Of the mean-field limits, one a scale.</summary>
    private Movement[] Moved { get; }

    /// <summary>Of the mean-field limits to the kernel limit at the final time, and their errors.</summary>
    private double[] Distances { get; }

    private double[] Errors { get; }

    // Of alphas, from which one on laws are fitted: theory is of large ones.
    private int Half => alphas.Length / 2;

    internal StudyResult Result()
    {
        Crossover[] crossovers = [.. widths.Select(CrossoverAt)];
        var nearOne = alphas.Index().MinBy(a => Math.Abs(Math.Log(a.Item))).Index;
        var (ntkWeights, ntkKernel) = MovementRate.Of(model, "ntk", [.. networks.Select(n => n.Ntk)], -0.5, -1);
        var (weights, tangent) =
            MovementRate.Of(model, "mean-field", [.. networks.Select(n => n.Moved[nearOne])], 0, 0);
        MovementRate[] rates = [ntkWeights, ntkKernel, weights, tangent];
        var laws = Laws();
        return new(Headline(crossovers),
            [
                .. laws.Select(l => Finding.Of($"alpha-{l.Name}", l.Law, $"exponent of alpha in the {l.Meaning}, " +
                    FormattableString.Invariant($"from alpha = {alphas[Half]:G3} on (theory: {l.Theory})"))),
                .. crossovers.Where(c => double.IsFinite(c.Alpha)).Select(c => new Finding($"crossover-{c.Width}",
                    c.Alpha, c.Low, c.High, $"output scale at which networks of width {c.Width} are as near to the " +
                        "kernel limit as to the mean-field limit")),
                .. rates.Select(r => r.Finding),
            ],
            Tables(rates))
        {
            Figures =
            [
                SeriesFigure.Draw("movement", "The mean-field limit against the output scale \u03b1: how far its " +
                    "weights and its tangent kernel move, relative to the start, and its rms distance to the kernel " +
                    "limit at the final time; exponents are those of the upper half of the scales.",
                    new("output scale \u03b1", true), new("movement, distance", true),
                    [.. laws.Select(l => new Series(l.Name + (double.IsFinite(l.Law.Slope)
                        ? $": \u03b1^({l.Law.Slope:0.00})" : ""), alphas, l.Values))]),
                LazyFigures.Crossover(alphas, widths, Proxies, (n, i, q) => Gap(Of(n), i, q)),
                LazyFigures.Risks(alphas, limits, kernel),
                MovementRate.Figure(rates, widths),
            ],
        };
    }

    /// <summary>The laws of the mean-field limit in alpha.</summary>
    private AlphaLaw[] Laws()
    {
        double[] weights = [.. Moved.Select(m => m.Weights)], tangent = [.. Moved.Select(m => m.Kernel)];
        return
        [
            new("weights", "movement of weights of the mean-field limit", -1, weights, Fit(weights)),
            new("kernel", "movement of its tangent kernel", -2, tangent, Fit(tangent)),
            new("distance", "distance of the mean-field limit to the kernel limit", -2, Distances,
                Trusted(Fit(Distances))),
        ];

        PowerLaw Fit(double[] values) => PowerLaw.Fit("alpha", alphas[Half..],
            DenseMatrix.OfColumnMajor(alphas.Length - Half, 1, values[Half..]).ToArray(), model.Seed);
    }

    private StudyTable[] Tables(MovementRate[] rates) =>
    [
        new("study", ["alpha", "weights", "kernel", "distance", "limitError", "risk", "kernelRisk"],
            alphas.Select((alpha, i) => (object[])[alpha, Moved[i].Weights, Moved[i].Kernel, Distances[i],
                Errors[i], limits[i].Trajectory.Train[^1].Risk, kernel.Trajectory.Train[^1].Risk]),
            "The mean-field limit of each output scale: relative movement of its weights and of its tangent " +
            "kernel, and its distance to the kernel limit at the final time (rms over points). Kernels are taken at " +
            $"the training points, at {MeasuredKernel.MostPoints} of them where there are more."),
        new("study-networks", ["width", "alpha", .. Columns, "weights", "kernel"],
            widths.SelectMany(n => alphas.Select((alpha, i) => (object[])[n, alpha,
                .. Columns.Select((_, q) => (object)Gap(Of(n), i, q)),
                Rms(Of(n).Select(m => m.Moved[i].Weights)), Rms(Of(n).Select(m => m.Moved[i].Kernel))])),
            "Networks: rms distance at the final time to the kernel limit from their own initial function f0, to " +
            "the mean-field limit, which starts at 0, and to ic-mf, the mean-field limit from f0; and how far they " +
            "move. Each is rms over seeds."),
        MovementRate.Table(rates, widths),
        new("gaps", ["width", "seed", "alpha", .. Columns], networks.SelectMany(n =>
            alphas.Select((alpha, i) => (object[])[n.Width, n.Replicate, alpha, .. n.Gaps[i].Cast<object>()]))),
    ];

    /// <summary>
    /// The output scale at which the distances to two limits cross, linear between logarithms, the largest one; NaN
    /// where they do not.
    /// </summary>
    internal static double Crossing(IReadOnlyList<double> alphas, IReadOnlyList<double> toKernel,
        IReadOnlyList<double> toMeanField)
    {
        double[] excess = [.. toKernel.Zip(toMeanField, (k, m) => Math.Log(k / m))];
        for (var i = excess.Length - 2; i >= 0 && excess[^1] <= 0; i--)
            if (excess[i] > 0 && excess[i + 1] <= 0)
                return alphas[i] * Math.Pow(alphas[i + 1] / alphas[i], excess[i] / (excess[i] - excess[i + 1]));
        return double.NaN;
    }

    private PowerLaw Trusted(PowerLaw law) =>
        Distances.Zip(Errors).Skip(Half).Any(d => !(d.Second <= CouplingResult.TrustedFraction * d.First))
            ? law.Untold("the limits' own errors exceed a tenth of it") : law;

    private Crossover CrossoverAt(int width)
    {
        var those = Of(width);
        double At(LazyNetwork[] drawn) => Crossing(alphas, [.. alphas.Select((_, i) => Gap(drawn, i, 0))],
            [.. alphas.Select((_, i) => Gap(drawn, i, 1))]);
        var half = Bootstrap.HalfLengths(those.Length, model.Seed,
            drawn => [Math.Log(At([.. drawn.Select(r => those[r])]))])[0];
        var alpha = At(those);
        return new(width, alpha, alpha * Math.Exp(-half), alpha * Math.Exp(half));
    }

    private string Headline(Crossover[] crossovers)
    {
        var first = alphas.Length;
        while (first > 0 && Moved[first - 1].Kernel < Still) first--;
        var lazy = first == alphas.Length ? $"Training is lazy at no output scale: {At(first - 1)}"
            : $"From alpha = {LimitText.Short(alphas[first])} on training is lazy: {At(first)}";
        var (width, alpha, low, high) = crossovers[^1];
        return lazy + (first > 0 && first < alphas.Length ? $" Below it is rich: {At(0)}" : "") +
            (!double.IsFinite(alpha)
                ? $" The distances of networks of width {width} to the two limits do not cross at these scales."
                : $" The crossover at width {width} is alpha = {LimitText.Short(alpha)}" +
                    (double.IsFinite(low) ? $" {LimitText.Interval(low, high)}" : "") + ": below it networks are " +
                    "nearer to the mean-field limit, above it to the kernel limit from their own initial function.");

        string At(int i) => $"at alpha = {LimitText.Short(alphas[i])} the mean-field limit moves its weights by " +
            $"{Percent(Moved[i].Weights)} and its tangent kernel by {Percent(Moved[i].Kernel)}, and its function " +
            $"ends {LimitText.Short(Distances[i])} from that of the kernel limit.";
    }

    private static string Percent(double value) => $"{LimitText.Short(100 * value)} %";

    private LazyNetwork[] Of(int width) => [.. networks.Where(n => n.Width == width)];

    private static double Gap(LazyNetwork[] those, int alpha, int proxy) =>
        Rms(those.Select(n => n.Gaps[alpha][proxy]));

    private static double Rms(IEnumerable<double> values) => Math.Sqrt(values.Average(v => v * v));

    /// <summary>A power of alpha in a quantity of the mean-field limit, fitted to the values of large ones.</summary>
    private sealed record AlphaLaw(string Name, string Meaning, double Theory, double[] Values, PowerLaw Law);

    /// <summary>The output scale at which networks of a width are as near to both limits, with its interval.</summary>
    private sealed record Crossover(int Width, double Alpha, double Low, double High);
}
