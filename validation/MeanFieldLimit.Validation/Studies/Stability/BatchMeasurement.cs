namespace MeanFieldLimit.Validation.Studies.Stability;

/// <summary>What is found for a batch size: steps by the operator, and what paths do beside them.</summary>
/// <param name="Batch">B.</param>
/// <param name="LargestStep">Below it E |e|^2 goes to 0.</param>
/// <param name="WithReplacement">The same of points that may be in a batch twice, as in the SGD of training.</param>
/// <param name="OneStep">Up to it E |e|^2 falls with every step: sufficient.</param>
/// <param name="TwoConditions">Up to it 2 / eta is no less than the sharpness, and (1 / eta) (B (n - 1) / (n -
/// B))^(1/2) no less than the non-uniformity: necessary for <paramref name="OneStep"/> alone.</param>
/// <param name="AlongDirections">The least one-dimensional threshold of some directions: necessary.</param>
/// <param name="AlmostSure">Below it almost every path goes to 0.</param>
internal sealed record BatchMeasurement(int Batch, double LargestStep, double WithReplacement, double OneStep,
    double TwoConditions, double AlongDirections, Estimate AlmostSure)
{
    private const int Chains = 32, MeanSquareSteps = 16, FewPaths = 500, ManyPaths = 20_000, Draws = 500,
        ManySteps = 4000;

    // Multiplications that each kind of paths may take.
    private const double Work = 1e9;

    internal const double Side = 0.05;

    internal static readonly double[] Factors = [0.8, 0.9, 1 - Side, 1, 1 + Side, 1.1, 1.2, 1.35, 1.5];

    /// <summary>At 0.95 of the largest step.</summary>
    public required MeanSquare Below { get; init; }

    /// <summary>At 1.05 of it.</summary>
    public required MeanSquare Above { get; init; }

    /// <summary>At multiples of it.</summary>
    public required IReadOnlyList<Growth> Growth { get; init; }

    /// <summary>At the steps that are asked for.</summary>
    public required IReadOnlyList<Growth> Asked { get; init; }

    internal static BatchMeasurement Of(SampledQuadratic of, int batch, IReadOnlyList<double> asked,
        RandomStream stream)
    {
        var stability = new BatchStability(of, batch);
        var largest = stability.LargestStep;
        var paths = new BatchPaths(of, batch, stream);
        var cost = 2.0 * batch * of.Outputs * of.Rank;
        int Most(double times, int few, int many) => (int)Math.Clamp(Work / cost / times, few, many);
        // A path forgets its start as points are drawn: each so often, on average, whatever that takes.
        var steps = Math.Max(Draws * of.Points / batch, Most(Chains * 20, 0, ManySteps));
        // Of all points nothing is random.
        var almostSure = batch == of.Points ? new(largest, 0, 0) : paths.AlmostSureStep(largest, steps, Chains);
        Growth At(double step)
        {
            var (radius, residual) = stability.Radius(step);
            return new(step, step < largest, radius, residual,
                Estimate.Of(paths.Exponent(step, steps, batch == of.Points ? 2 : Chains)));
        }

        MeanSquare Beside(double factor) => new(factor * largest,
            BatchPaths.ExactMeanSquare(stability, factor * largest, MeanSquareSteps),
            Estimate.Of(paths.MeanSquare(stability, factor * largest, MeanSquareSteps,
                Most(MeanSquareSteps * 2, FewPaths, ManyPaths))));
        return new(batch, largest, new BatchStability(of, batch, withReplacement: true).LargestStep, stability.OneStep,
            stability.TwoConditions, stability.AlongDirections, Estimate.Of(almostSure))
        {
            Below = Beside(1 - Side),
            Above = Beside(1 + Side),
            Growth = [.. Factors.Select(f => At(f * largest))],
            Asked = [.. asked.Select(At)],
        };
    }
}

/// <summary>A mean over paths with the ends of its 95 % interval.</summary>
internal sealed record Estimate(double Value, double Low, double High)
{
    private const double Z = 1.96;

    // The difference to half of the steps is all of the error where that goes as 1 / steps, half of it where it goes as
    // steps^-0.6, as measured of kernels with many small eigenvalues.
    private const double SafetyOfSteps = 2;

    internal static Estimate Of(SampleMean mean) => Of(mean.Value, Z * mean.Error);

    /// <summary>With what steps that are too few cost.</summary>
    internal static Estimate Of(LongMean mean) => Of(mean.Value, Z * mean.Error + SafetyOfSteps * mean.Bias);

    /// <summary>How far a value is from it, in standard errors.</summary>
    internal double Distance(double value) => Math.Abs(value - Value) / ((High - Value) / Z);

    private static Estimate Of(double value, double half) => new(value, value - half, value + half);
}

/// <summary>E &lt;e, M e> over its start, M what grows first, after some steps: by the operator, and over
/// paths.</summary>
internal sealed record MeanSquare(double Step, double Exact, Estimate Simulated);

/// <summary>What SGD of a step does in the long run.</summary>
/// <param name="Step">eta.</param>
/// <param name="IsStable">Whether it is in mean square: the step is below the largest one.</param>
/// <param name="Radius">The factor of E |e|^2 a step.</param>
/// <param name="Residual">What that is known to.</param>
/// <param name="Exponent">The mean growth of log |e| a step.</param>
internal sealed record Growth(double Step, bool IsStable, double Radius, double Residual, Estimate Exponent);
