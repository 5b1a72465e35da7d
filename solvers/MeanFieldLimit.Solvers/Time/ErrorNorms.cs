namespace MeanFieldLimit.Solvers.Time;

/// <summary>What a step may err: component j by Absolute + Relative |y_j|.</summary>
public readonly record struct Tolerance
{
    /// <summary>A tolerance; both parts positive and finite.</summary>
    public Tolerance(double relative, double absolute)
    {
        if (!(relative > 0 && absolute > 0 && double.IsFinite(relative + absolute)))
            throw new ArgumentOutOfRangeException(nameof(relative),
                $"tolerances must be positive and finite, got relative {relative} and absolute {absolute}");
        Relative = relative;
        Absolute = absolute;
    }

    /// <summary>Relative part.</summary>
    public double Relative { get; }

    /// <summary>Absolute part, in the units of the state.</summary>
    public double Absolute { get; }

    /// <summary>Absolute + Relative max(|y|, |next|).</summary>
    public double Scale(double y, double next) => Absolute + Relative * Math.Max(Math.Abs(y), Math.Abs(next));
}

/// <summary>How the error of a step becomes one number: at most 1 passes.</summary>
public interface IErrorNorm
{
    /// <summary>The size of <paramref name="error"/> in units of the tolerance; NaN where a component is NaN.</summary>
    double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
        Tolerance tolerance);
}

/// <summary>sqrt(mean_j (error_j / (atol + rtol max(|y_j|, |next_j|)))^2).</summary>
public sealed class RootMeanSquareNorm : IErrorNorm
{
    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
        Tolerance tolerance)
    {
        var sum = 0.0;
        for (var j = 0; j < error.Length; j++)
        {
            var ratio = error[j] / tolerance.Scale(state[j], next[j]);
            sum += ratio * ratio;
        }
        return Math.Sqrt(sum / Math.Max(1, error.Length));
    }
}
