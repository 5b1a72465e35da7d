using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The expectation over the law of a scalar input r, on nodes whose panels end where a pre-activation of a piecewise
/// linear activation crosses 0. Between them everything is smooth in r: the velocity is exact to rounding, and moves
/// smoothly with the state, which fixed nodes do not let it do (each one that crosses a kink makes the velocity jump,
/// and adaptive steps shrink to nothing).
/// </summary>
/// <remarks>
/// Crossings are bracketed on 128 cells. Two in one cell, of a pre-activation that touches 0 within a hundredth of the
/// range, are missed: its kinks then count as those of fixed nodes do.
/// </remarks>
internal sealed class UnkinkedExpectation : IExpectation
{
    private const int Cells = 128, MostRefinements = 20;
    private const double Resolved = 1e-13;
    private readonly LengthLaw law;
    private readonly Ensemble ensemble;
    private readonly Passes passes;
    private readonly int[] layers;
    private readonly double[] grid;

    /// <summary>With <paramref name="signs"/> panels end at zeros of H_L too: error rates jump there.</summary>
    public UnkinkedExpectation(LengthLaw law, Ensemble ensemble, IMatrixEngine engine, bool signs = false)
    {
        (this.law, this.ensemble) = (law, ensemble);
        var (low, high) = law.Support;
        grid = [.. Enumerable.Range(0, Cells + 1).Select(i => low + (high - low) * i / Cells)];
        passes = new(ensemble, engine, grid.Length);
        layers = [.. Enumerable.Range(1, ensemble.Depth)
            .Where(i => ensemble.Architecture.Activations[i - 1] is IPiecewiseLinear || signs && i == ensemble.Depth)];
    }

    public Dataset At(double t, ReadOnlySpan<double> state)
    {
        if (layers.Length == 0) return law.Discretise([]);
        var crossings = Brackets(state);
        for (var i = 0; i < MostRefinements && crossings.FindAll(c => !c.IsResolved) is { Count: > 0 } open; i++)
            Refine(state, open);
        return law.Discretise([.. crossings.Select(c => c.Middle)]);
    }

    private List<Crossing> Brackets(ReadOnlySpan<double> state)
    {
        var found = new List<Crossing>();
        passes.Forward(state, grid, grid.Length);
        foreach (var layer in layers)
        {
            var h = passes.Preactivations(layer, grid.Length);
            for (var n = 0; n + 1 < grid.Length; n++)
            {
                ReadOnlySpan<double> left = h.Row(n), right = h.Row(n + 1);
                for (var c = 0; c < ensemble.Massive(layer); c++)
                    if (left[c] > 0 != right[c] > 0)
                        found.Add(new(layer, c) { A = grid[n], B = grid[n + 1], AtA = left[c], AtB = right[c] });
            }
        }
        return found;
    }

    /// <summary>One step of the secant method that keeps its bracket (Illinois), for all crossings at once.</summary>
    private void Refine(ReadOnlySpan<double> state, List<Crossing> crossings)
    {
        for (var start = 0; start < crossings.Count; start += passes.Capacity)
        {
            var count = Math.Min(passes.Capacity, crossings.Count - start);
            var block = crossings.GetRange(start, count);
            passes.Forward(state, block.ConvertAll(c => c.Middle).ToArray(), count);
            for (var k = 0; k < count; k++)
                block[k].Narrow(passes.Preactivations(block[k].Layer, count).Row(k)[block[k].Neuron]);
        }
    }

    /// <summary>A bracket [A, B] of a zero of H of one neuron, and H at its ends.</summary>
    private sealed class Crossing(int layer, int neuron)
    {
        internal int Layer => layer;
        internal int Neuron => neuron;
        internal double A { get; set; }
        internal double B { get; set; }
        internal double AtA { get; set; }
        internal double AtB { get; set; }
        internal bool IsResolved => Math.Abs(Middle - B) <= Resolved * B;
        internal double Middle => AtA == AtB ? B
            : Math.Clamp(B - AtB * (B - A) / (AtB - AtA), Math.Min(A, B), Math.Max(A, B));

        /// <summary>Takes H at <see cref="Middle"/> in. B is the newer end; an end kept twice counts half.</summary>
        internal void Narrow(double value)
        {
            var middle = Middle;
            if (value > 0 != AtB > 0) (A, AtA) = (B, AtB);
            else AtA /= 2;
            (B, AtB) = (middle, value);
        }
    }
}
