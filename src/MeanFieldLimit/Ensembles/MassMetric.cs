namespace MeanFieldLimit.Ensembles;

/// <summary>
/// The inner product in which the linearised flow is symmetric: sum over the trained parameters of massive neurons of
/// mass / rate u v, the mass being p_{i-1}(c) p_i(c') of a weight and p_i(c') of a bias. At rates 1 its square is
/// <see cref="Ensemble.SquaredMassNorm(ReadOnlySpan{double})"/>.
/// </summary>
public sealed class MassMetric
{
    private readonly double[] roots;

    /// <summary>That of an ensemble, with learning rates xi_1..xi_L.</summary>
    /// <exception cref="ArgumentException">A mass or a rate is negative, or there is not a rate for each layer.</exception>
    public MassMetric(Ensemble ensemble, IReadOnlyList<double> rates)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(rates);
        if (rates.Count != ensemble.Depth || !rates.All(r => r >= 0))
            throw new ArgumentException($"{ensemble.Depth} layers need as many rates of at least 0, got " +
                string.Join(", ", rates), nameof(rates));
        for (var i = 1; i < ensemble.Depth; i++)
            if (ensemble.Masses(i).ContainsAnyInRange(double.NegativeInfinity, -double.Epsilon))
                throw new ArgumentException("masses must not be negative where eigenvalues are asked for, as those of " +
                    $"sparse grids are, got some in layer {i}; use another rule", nameof(ensemble));
        roots = new double[ensemble.State.Length];
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var scale = ensemble.Scales.Count > 0 ? ensemble.Scales[i - 1] : new(1, 1, 1);
            var w = ensemble.Weights(roots.AsSpan(), i);
            var taps = ensemble.Architecture.Taps(i);
            for (var c = 0; c < w.Rows; c++)
                Fill(w.Row(c), ensemble.Masses(i), ensemble.Masses(i - 1)[c / taps], rates[i - 1] * scale.WeightRate);
            if (ensemble.Architecture.Biases == BiasMode.Trained)
                Fill(ensemble.Biases(roots.AsSpan(), i), ensemble.Masses(i), 1, rates[i - 1] * scale.BiasRate);
        }

        static void Fill(Span<double> row, ReadOnlySpan<double> masses, double mass, double rate)
        {
            for (var c = 0; rate > 0 && c < row.Length; c++) row[c] = Math.Sqrt(mass * masses[c] / rate);
        }
    }

    /// <summary>Number of parameters, those that count nothing among them.</summary>
    public int Dimension => roots.Length;

    /// <summary>Sets 0 what is not trained or has no mass.</summary>
    public void Project(Span<double> v)
    {
        for (var j = 0; j < v.Length; j++)
            if (roots[j] == 0) v[j] = 0;
    }

    /// <summary>u = sqrt(mass / rate) v, whose plain inner products are those of v in this metric.</summary>
    public void ToPlain(ReadOnlySpan<double> v, Span<double> u) => TensorPrimitives.Multiply(v, roots, u);

    /// <summary>v of u = sqrt(mass / rate) v, with 0 where no u counts.</summary>
    public void FromPlain(ReadOnlySpan<double> u, Span<double> v)
    {
        for (var j = 0; j < v.Length; j++) v[j] = roots[j] == 0 ? 0 : u[j] / roots[j];
    }
}
