using MeanFieldLimit.Data;

namespace MeanFieldLimit.Benchmarks.Speed;

/// <summary>What both programs read, and sums that tell results apart.</summary>
internal static class Inputs
{
    /// <summary>x [point, d] and y [point, K] at the start of numbers, and what comes after them.</summary>
    internal static (Dataset Data, Memory<double> Remaining) OfBoth(double[] input, int points, int d, int k) => (
        new(d, k, input[..(points * d)], input[(points * d)..(points * (d + k))], LabelKind.Real),
        input.AsMemory(points * (d + k)));

    /// <summary>sum of v_0 - v_1 / 2 - v_2 / 2 + v_3 - ...</summary>
    internal static double Alternating(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        for (var k = 0; k < values.Length; k++) sum += k % 3 == 0 ? values[k] : -0.5 * values[k];
        return sum;
    }
}
