using MeanFieldLimit.Kernels;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>What of the training points makes a Gram matrix singular.</summary>
internal static class KernelNotes
{
    // Of the product of both diagonal entries, by which correlated points differ from the same but for a factor.
    private const double Rounding = 1e-14;

    /// <summary>Rule, value and remedy where equal points have other labels, which no function fits.</summary>
    internal static string? Contradiction(Dataset train)
    {
        var first = new Dictionary<string, int>();
        for (var n = 0; n < train.Count; n++)
        {
            var x = string.Join(' ', train.X.AsSpan(n * train.Inputs, train.Inputs).ToArray());
            if (first.TryAdd(x, n) || train.Label(first[x]).SequenceEqual(train.Label(n))) continue;
            return "equal points must have equal labels for the complexity of these, points " +
                $"{first[x]} and {n} have {Text(train, first[x])} and {Text(train, n)}; remove one of them";
        }
        return null;
    }

    /// <summary>Sentences on the first pair that is one to the NNGP, and a point that is nothing to it.</summary>
    internal static IEnumerable<string> Of(GaussianKernels kernels, int train)
    {
        var (points, nngp) = (kernels.Points, kernels.Nngp);
        double At(int i, int j) => nngp[(long)i * points + j];
        if (Enumerable.Range(0, train).FirstOrDefault(i => At(i, i) == 0, -1) is var zero and >= 0)
            yield return $"Point {zero} has the kernel 0 with all points: its prediction stays where it starts.";
        for (var i = 0; i < train; i++)
            for (var j = i + 1; j < train; j++)
                if (At(i, i) * At(j, j) > 0 && At(i, j) * At(i, j) >= (1 - Rounding) * At(i, i) * At(j, j))
                {
                    yield return $"Points {i} and {j} are one to the NNGP but for a factor: the Gram matrix is " +
                        "singular, and complexities are those with what is added to its diagonal.";
                    yield break;
                }
    }

    private static string Text(Dataset train, int n) =>
        string.Join(", ", train.Label(n).ToArray().Select(v => v.ToString("G6", CultureInfo.InvariantCulture)));
}
