namespace MeanFieldLimit.Validation.Studies.Statics;

/// <summary>
/// Local minima of the risk of networks of N neurons, found from starts of three kinds in turn: the best network of a
/// width that divides N with each neuron repeated, the minimiser of the limit rounded to N neurons, and at random.
/// </summary>
internal sealed class NetworkSearch(LawsOfNeurons laws, int width)
{
    private const int Kinds = 3, MostIterations = 400;
    private const double Turned = 0.1, Moved = 0.05, Split = 0.02;

    /// <param name="infimum">The minimiser over laws.</param>
    /// <param name="narrower">The minima of another width; null for none.</param>
    /// <param name="restarts">The number of starts.</param>
    /// <param name="machine">Where it runs.</param>
    internal NetworkMinima Run(SparseMinimum infimum, NetworkMinima? narrower, int restarts, Machine machine)
    {
        var progress = machine.Show($"networks of width {width}", restarts);
        double[] values = new double[restarts], masses = [.. Enumerable.Repeat(1.0 / width, width)];
        List<double[]> minima = [];
        var neurons = laws.NewNeurons();
        for (var r = 0; r < restarts; r++)
        {
            machine.Cancellation.ThrowIfCancellationRequested();
            var points = Start(r, infimum, narrower);
            values[r] = Descent.Minimise(neurons, points, masses, MostIterations);
            minima.Add(points);
            progress?.Report(r + 1);
        }
        return new(width, values, minima);
    }

    private double[] Start(int restart, SparseMinimum infimum, NetworkMinima? narrower)
    {
        var draws = Streams.Starts(laws.Seed, width).Substream((ulong)restart);
        double Normal(int i) => draws.Normal((ulong)i);
        double Uniform(int i) => draws.Uniform((ulong)i);
        var points = new double[2 * width];
        if (restart % Kinds == 0 && narrower is not null && width % narrower.Width == 0)
        {
            var best = narrower.Minima[narrower.Best];
            var split = restart == 0 ? 0 : Split;       // the first one is that network itself: never worse
            for (var k = 0; k < points.Length; k++)
                points[k] = best[k % best.Length] + split * Normal(k);
        }
        else if (restart % Kinds == Kinds - 1 || infimum.Mass == 0)
            for (var k = 0; k < points.Length; k++) points[k] = Math.Tau * Uniform(k);
        else
        {
            // Systematic resampling: each atom has its share of the neurons, rounded up or down.
            var (sines, offset) = (infimum.Mass / laws.Mass, Uniform(0));
            for (var i = 0; i < width; i++)
            {
                var atom = infimum.AtomAt((i + offset) / width);
                points[2 * i] = Math.Sign(infimum.Masses[atom]) * Math.Asin(Math.Min(1, sines))
                    + Turned * Normal(2 * i + 1);
                points[2 * i + 1] = infimum.Points[atom] + Moved * Normal(2 * i + 2);
            }
        }
        return points;
    }
}

/// <summary>Local minima of networks of a width, by restart.</summary>
/// <param name="Width">N.</param>
/// <param name="Values">The risk with its penalty.</param>
/// <param name="Minima">(alpha, phi) of each neuron.</param>
internal sealed record NetworkMinima(int Width, double[] Values, IReadOnlyList<double[]> Minima)
{
    internal int Best => Array.IndexOf(Values, Values.Min());
}
