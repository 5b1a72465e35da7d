namespace MeanFieldLimit.Validation.Figures;

/// <summary>The laws of the first and of the output weights of a limit, at the times at which it is kept.</summary>
internal static class WeightFigure
{
    private const double Tail = 1e-3;
    private const int Places = 4096;

    /// <summary>Null where no weight is random, or where there are no neurons, or some of negative mass.</summary>
    internal static Figure? Draw(IReadOnlyDictionary<string, NumPyArray>? neurons)
    {
        if (neurons is null) return null;
        var last = neurons.Keys.Count(k => k.StartsWith("W_", StringComparison.Ordinal));
        var times = neurons["t"].Values;
        Panel?[] panels =
        [
            Draw("weights of layer 1", neurons["W_1"], c => c % neurons["masses_1"].Values.Length, neurons["masses_1"]),
            // Those of a neuron stand together: of each position below, of each output.
            Draw("output weights", neurons[$"W_{last}"], c => c / (neurons[$"W_{last}"].Values.Length / times.Length
                / neurons[$"masses_{last - 1}"].Values.Length), neurons[$"masses_{last - 1}"]),
        ];
        if (panels.All(p => p is null)) return null;
        return Figure.Of("weights", "Densities of the limit's weights, neurons counting by their mass, at the times " +
            "at which they are kept (record.states); of nodes a smooth estimate, which rounds off edges: bumps may " +
            "be those of few nodes.",
            [.. panels.OfType<Panel>()], FigureStyle.Legend(times.Select(t => $"t = {t:G3}")));

        Panel? Draw(string name, NumPyArray weights, Func<int, int> neuronOf, NumPyArray masses)
        {
            var each = weights.Values.Length / times.Length;
            double[] shares = [.. Enumerable.Range(0, each).Select(e => masses.Values[neuronOf(e)]
                * masses.Values.Length / each)];
            var (low, high) = (weights.Values.Min(), weights.Values.Max());
            if (!(low < high && double.IsFinite(high - low)) || shares.Min() < 0) return null;
            // At a time when all are in one place there is no density.
            var laws = weights.Values.Chunk(each).Index().Where(w => w.Item.Min() < w.Item.Max())
                .Select(w => (w.Index, Law: Binned(w.Item, shares, low, high))).ToArray();
            if (laws.Length == 0) return null;
            // Nodes far out, of next to no mass, would leave the rest no room.
            var (first, last) = (laws.Min(w => SampleDensity.Quantile(w.Law.Points, w.Law.Masses, Tail)),
                laws.Max(w => SampleDensity.Quantile(w.Law.Points, w.Law.Masses, 1 - Tail)));
            Panel.Widen(ref first, ref last, 0.15);
            var panel = new Panel(name, new("weight", false), new("density", false)) { FromZero = true };
            foreach (var (k, law) in laws)
            {
                var (xs, ys) = SampleDensity.Smooth(law.Points, law.Masses, first, last);
                panel.Curve(xs, ys, FigureStyle.OfWidth(k, times.Length), FigureStyle.CurveWidth);
            }
            return panel;
        }
    }

    /// <summary>Points with masses, at few enough places for a sum over them at each point of a curve.</summary>
    private static (double[] Points, double[] Masses) Binned(double[] points, double[] masses, double low, double high)
    {
        if (points.Length <= Places) return (points, masses);
        var sums = new double[Places];
        foreach (var (value, mass) in points.Zip(masses))
            sums[(int)Math.Round((value - low) / (high - low) * (Places - 1))] += mass;
        return ([.. Enumerable.Range(0, Places).Select(i => low + (high - low) * i / (Places - 1))], sums);
    }
}
