using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// Widths N_1..N_(L-1) of the hidden layers that minimise the predicted gap, sum_i c_i^2 / N_i, at so many parameters,
/// sum_i taps_i N_(i-1) N_i and trained biases. In log N both are convex. A layer of one type has no share at this
/// order: it is as wide as the nearest layer that has.
/// </summary>
public sealed class WidthChoice
{
    private const int Halvings = 100, Sweeps = 200, MostRaised = 1000;
    private const double Settled = 1e-12, LargestWidth = 1e9;

    private readonly IReadOnlyList<double> shares;
    private readonly Architecture architecture;
    private readonly int[] leaders;     // of each hidden layer the layer whose width it has, from 0

    /// <summary>That of a prediction's shares c_i (<see cref="PredictedGap.PerLayer"/>).</summary>
    /// <exception cref="ArgumentException">No layer has a share.</exception>
    public WidthChoice(IReadOnlyList<double> perLayer, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(perLayer);
        ArgumentNullException.ThrowIfNull(architecture);
        (shares, this.architecture) = (perLayer, architecture);
        int[] led = [.. Enumerable.Range(0, shares.Count).Where(i => shares[i] > 0)];
        if (led.Length == 0)
            throw new ArgumentException("some hidden layer must have a share of the gap, got none", nameof(perLayer));
        leaders = [.. shares.Select((_, i) => led.MinBy(j => Math.Abs(j - i)))];
    }

    /// <summary>Parameters of a network of widths N_1..N_(L-1).</summary>
    public double Parameters(IReadOnlyList<double> widths)
    {
        double[] sizes = [architecture.Inputs, .. widths, architecture.Outputs];
        return Enumerable.Range(1, sizes.Length - 1).Sum(i => sizes[i] * (sizes[i - 1] * architecture.Taps(i)
            + (architecture.Biases == BiasMode.Trained ? 1 : 0)));
    }

    /// <summary>The predicted rms gap of such a network.</summary>
    public double Gap(IReadOnlyList<double> widths) =>
        Math.Sqrt(shares.Zip(widths, (c, n) => c * c / n).Sum());

    /// <summary>The widths of the smallest gap with at most so many parameters; null where width 1 has more.</summary>
    public int[]? Of(double parameters)
    {
        // The price of a parameter at which it pays to have so many.
        double low = Math.Log(double.Epsilon), high = -low;
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Parameters(At(Math.Exp(middle))) > parameters) low = middle;
            else high = middle;
        }
        return Whole(At(Math.Exp(high)), parameters);
    }

    /// <summary>The largest width of all hidden layers with at most so many parameters; null where 1 has more.</summary>
    public int[]? Equal(double parameters)
    {
        var (low, high) = (0.0, LargestWidth);
        while (high - low > 1)
        {
            var middle = Math.Floor((low + high) / 2);
            if (Parameters(All(middle)) > parameters) high = middle;
            else low = middle;
        }
        return low < 1 ? null : [.. All(low).Select(n => (int)n)];

        double[] All(double n) => [.. Enumerable.Repeat(n, shares.Count)];
    }

    /// <summary>Widths that minimise the squared gap plus a price times the parameters, of 1 at least.</summary>
    private double[] At(double price)
    {
        double[] widths = [.. Enumerable.Repeat(1.0, shares.Count)];
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var change = 0.0;
            foreach (var leader in leaders.Distinct())
            {
                var before = widths[leader];
                // The parameters are a + b n + c n^2 in it: that is known by three values.
                double none = With(leader, 0), one = With(leader, 1), two = With(leader, 2);
                var square = (two - 2 * one + none) / 2;
                Set(leader, Best(shares[leader] * shares[leader], price * (one - none - square), price * square));
                change = Math.Max(change, Math.Abs(Math.Log(widths[leader] / before)));
            }
            if (change < Settled) break;
        }
        return widths;

        double With(int leader, double n)
        {
            var before = widths[leader];
            Set(leader, n);
            var parameters = Parameters(widths);
            Set(leader, before);
            return parameters;
        }

        void Set(int leader, double n)
        {
            for (var i = 0; i < widths.Length; i++) if (leaders[i] == leader) widths[i] = n;
        }
    }

    /// <summary>n in [1, largest] with c / n^2 = b + 2 a n: where c / n + b n + a n^2 is least.</summary>
    private static double Best(double c, double b, double a)
    {
        double low = 1, high = LargestWidth;
        for (var i = 0; i < Halvings; i++)
        {
            var n = Math.Sqrt(low * high);
            if (c / n / n > b + 2 * a * n) low = n;
            else high = n;
        }
        return low;
    }

    /// <summary>Rounded down, then raised by one neuron where that lowers the gap most, while it fits; wide layers have
    /// no need of the last ones.</summary>
    private int[]? Whole(double[] widths, double parameters)
    {
        double[] whole = [.. widths.Select(n => Math.Floor(Math.Max(1, n)))];
        if (Parameters(whole) > parameters) return null;
        for (var k = 0; k < MostRaised && Raised().Where(w => Parameters(w) <= parameters).MinBy(Gap) is { } raised; k++)
            whole = raised;
        return [.. whole.Select(n => (int)n)];

        IEnumerable<double[]> Raised() => leaders.Distinct().Select(leader =>
            whole.Select((n, i) => leaders[i] == leader ? n + 1 : n).ToArray());
    }
}
