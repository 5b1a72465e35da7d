namespace MeanFieldLimit.Ensembles;

/// <summary>
/// Neurons with mass: a finite network (masses 1/N), a limit (quadrature masses over neuron types) and tracers
/// (mass 0) alike. Layer 0 stands for the d inputs and layer L for the K outputs; there every neuron counts 1.
/// Masses are not negative, except on sparse grids, which are signed sums of grids: what measures sizes takes
/// absolute values there (<see cref="MassNorm"/>).
/// </summary>
/// <remarks>
/// One flat state holds W_1, b_1, ..., W_L, b_L; W_i is [M_{i-1}, M_i], row-major, with T_i taps [M_{i-1} T_i, M_i],
/// where tap d of neuron c is row c T_i + d; b_i is absent without biases.
/// Tracers stand behind the massive neurons of their layer, and sums run over the massive ones only.
/// </remarks>
public sealed class Ensemble
{
    private readonly double[][] masses;
    private readonly int[] sizes, massive, weightOffsets, biasOffsets;

    /// <summary>An ensemble with a state of zeros.</summary>
    /// <param name="architecture">What it is an ensemble of.</param>
    /// <param name="hiddenMasses">Masses p_i(c) of the hidden layers 1..L-1, each layer summing to 1.</param>
    /// <exception cref="ArgumentException">A mass is not finite, a layer does not sum to 1, or the parameters exceed
    /// one array.</exception>
    public Ensemble(Architecture architecture, IReadOnlyList<double[]> hiddenMasses)
    {
        Architecture = architecture;
        var depth = architecture.Depth;
        if (hiddenMasses.Count != depth - 1)
            throw new ArgumentException($"{depth} layers need {depth - 1} lists of masses, got {hiddenMasses.Count}");
        masses = [Ones(architecture.Inputs), .. hiddenMasses, Ones(architecture.Outputs)];
        for (var i = 1; i < depth; i++) CheckMasses(i, masses[i]);
        sizes = [.. masses.Select(p => p.Length)];
        massive = [.. masses.Select(p => Array.FindLastIndex(p, m => m != 0) + 1)];
        weightOffsets = new int[depth + 1];
        biasOffsets = new int[depth + 1];
        long length = 0;
        for (var i = 1; i <= depth; i++)
        {
            weightOffsets[i] = (int)length;
            length += ArraySize.Of($"the weights of layer {i}", "use smaller layers", Rows(i), sizes[i]);
            biasOffsets[i] = (int)length;
            if (HasBiases) length += sizes[i];
            if (length > Array.MaxLength)
                throw new ArgumentException($"the parameters must fit into one array of {Array.MaxLength} numbers, " +
                    $"got {length} up to layer {i} of sizes {string.Join(" x ", sizes)}; use smaller layers");
        }
        State = new double[length];
    }

    /// <summary>A finite network: masses 1/N_i in hidden layer i.</summary>
    public static Ensemble Uniform(Architecture architecture, IReadOnlyList<int> widths) =>
        new(architecture, [.. widths.Select(n => Enumerable.Repeat(1.0 / n, n).ToArray())]);

    /// <summary>What it is an ensemble of.</summary>
    public Architecture Architecture { get; }

    /// <summary>Types of hidden neurons, layers 1..L-1, where initial parameters do not show them.</summary>
    public IReadOnlyList<Nodes> Types { get; internal set; } = [];

    /// <summary>Factors of the learning rates of layers 1..L; empty in the mean-field scaling.</summary>
    public IReadOnlyList<LayerScale> Scales { get; internal set; } = [];

    /// <summary>The learning rate of the biases of a layer from that of its weights.</summary>
    internal double BiasRate(int layer, double rate) => Scales.Count == 0 ? rate
        : rate * Scales[layer - 1].BiasRate / Scales[layer - 1].WeightRate;

    /// <summary>
    /// The unit in which outputs and risks are recorded from the first step on: in some scalings they grow with the
    /// width.
    /// </summary>
    public double Unit { get; internal set; } = 1;

    /// <summary>A function that is added to the outputs and does not move; null for none.</summary>
    internal Offset? Offset { get; set; }

    /// <summary>Number of layers L.</summary>
    public int Depth => Architecture.Depth;

    /// <summary>Whether there are biases, frozen or trained.</summary>
    public bool HasBiases => Architecture.Biases != BiasMode.None;

    /// <summary>The initial parameters.</summary>
    public double[] State { get; }

    /// <summary>Number of neurons M_i of layer i = 0..L.</summary>
    public int Size(int layer) => sizes[layer];

    /// <summary>Rows of W_i: the neurons below, for each of its taps.</summary>
    public int Rows(int layer) => sizes[layer - 1] * Architecture.Taps(layer);

    /// <summary>Number of leading neurons of layer i that carry the mass; tracers come after them.</summary>
    public int Massive(int layer) => massive[layer];

    /// <summary>Masses p_i of layer i; ones for the inputs (i = 0) and the outputs (i = L).</summary>
    public ReadOnlySpan<double> Masses(int layer) => masses[layer];

    /// <summary>Those of the massive neurons as sums over a layer need them; empty where all are 1.</summary>
    internal ReadOnlySpan<double> MassesInSums(int layer) =>
        layer == 0 || layer == Depth ? [] : Masses(layer)[..Massive(layer)];

    /// <summary>The initial W_i, [M_{i-1} T_i, M_i].</summary>
    public MatrixView Weights(int layer) => Weights(State.AsSpan(), layer);

    /// <summary>The initial b_i, of length M_i; empty without biases.</summary>
    public Span<double> Biases(int layer) => Biases(State.AsSpan(), layer);

    /// <summary>W_i, [M_{i-1} T_i, M_i], within a state of this ensemble.</summary>
    public MatrixView Weights(Span<double> state, int layer) =>
        new(state.Slice(weightOffsets[layer], Rows(layer) * sizes[layer]), Rows(layer), sizes[layer]);

    /// <inheritdoc cref="Weights(Span{double}, int)"/>
    public ReadOnlyMatrixView Weights(ReadOnlySpan<double> state, int layer) =>
        new(state.Slice(weightOffsets[layer], Rows(layer) * sizes[layer]), Rows(layer), sizes[layer]);

    /// <summary>b_i, of length M_i, within a state of this ensemble; empty without biases.</summary>
    public Span<double> Biases(Span<double> state, int layer) =>
        state.Slice(biasOffsets[layer], HasBiases ? sizes[layer] : 0);

    /// <inheritdoc cref="Biases(Span{double}, int)"/>
    public ReadOnlySpan<double> Biases(ReadOnlySpan<double> state, int layer) =>
        state.Slice(biasOffsets[layer], HasBiases ? sizes[layer] : 0);

    /// <summary>The same ensemble with each hidden neuron in so many copies of equal mass, side by side.</summary>
    public Ensemble Split(int copies)
    {
        var split = new Ensemble(Architecture, [.. Enumerable.Range(1, Depth - 1).Select(i =>
            masses[i].SelectMany(p => Enumerable.Repeat(p / copies, copies)).ToArray())]);
        for (var i = 1; i <= Depth; i++)
        {
            MatrixView w = Weights(i), all = split.Weights(i);
            var (rows, columns, taps) = (i == 1 ? 1 : copies, i == Depth ? 1 : copies, Architecture.Taps(i));
            for (var c = 0; c < all.Rows; c++)
                for (var j = 0; j < all.Columns; j++)
                    all.Data[c * all.Stride + j] =
                        w.Data[(c / taps / rows * taps + c % taps) * w.Stride + j / columns];
            Span<double> b = Biases(i), biases = split.Biases(i);
            for (var j = 0; j < biases.Length; j++) biases[j] = b[j / columns];
        }
        return split;
    }

    /// <summary>The layer whose parameters include component <paramref name="index"/> of the state.</summary>
    public int LayerOf(int index)
    {
        var layer = Depth;
        while (layer > 1 && index < weightOffsets[layer]) layer--;
        return layer;
    }

    /// <summary>
    /// sum_i sum_{c,c'} p_{i-1}(c) p_i(c') |W_i(c, c')|^2 + sum_i sum_c' p_i(c') b_i(c')^2: the squared norm in which
    /// the mean-field flow is the gradient flow of the risk, d risk/dt = -|velocity|^2. (With negative masses it is no
    /// norm; the identity holds.)
    /// </summary>
    public double SquaredMassNorm(ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        for (var i = 1; i <= Depth; i++) sum += SquaredMassNorm(vector, i);
        return sum;
    }

    /// <summary>The part of <see cref="SquaredMassNorm(ReadOnlySpan{double})"/> that W_i and b_i have in it.</summary>
    public double SquaredMassNorm(ReadOnlySpan<double> vector, int layer)
    {
        var sum = Weighted(Biases(vector, layer), masses[layer]);
        var w = Weights(vector, layer);
        for (var c = 0; c < w.Rows; c++)
            sum += masses[layer - 1][c / Architecture.Taps(layer)] * Weighted(w.Row(c), masses[layer]);
        return sum;
    }

    private static double Weighted(ReadOnlySpan<double> values, double[] mass)
    {
        var sum = 0.0;
        for (var j = 0; j < values.Length; j++) sum += mass[j] * values[j] * values[j];
        return sum;
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static void CheckMasses(int layer, double[] p)
    {
        if (p.Length == 0 || !p.All(double.IsFinite))
            throw new ArgumentException($"masses must be finite, at least one a layer: layer {layer}");
        if (Math.Abs(p.Sum() - 1) > 1e-9)
            throw new ArgumentException(
                $"the masses of a layer must sum to 1, those of layer {layer} sum to {p.Sum():R}");
    }
}
