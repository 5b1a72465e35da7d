using MeanFieldLimit.Solvers.Functions;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// Velocity and diffusion at the faces of a grid, and the flux of mass that they make. Through the face between cells i
/// and i + 1 passes, in unit time,
/// F = r (right m_i - left m_{i+1}), right = (D/h^2) B(-P), left = (D/h^2) B(P), B(z) = z / (e^z - 1), P = v h / D,
/// the exponentially fitted flux of Scharfetter and Gummel (IEEE Trans. Electron Devices 16, 1969), times
/// r = 1 + L s / (2 m_up), L = coth(P/2) - 2/P, s the slope of van Leer's limiter in the cell upstream.
/// </summary>
/// <remarks>
/// Which flux? 1. Central differences lose positivity where v h > 2 D. 2. Upwinding is of first order everywhere.
/// 3. Scharfetter-Gummel (r = 1) has all that one wants where h is below D/v: second order, non-negative, zero exactly
/// on exp(-V/D) when v = -grad V; above, its own diffusion |v| h / 2 takes over and the order is 1: a Gaussian that
/// shrinks, D = 0.001, 512 cells, has an error of 2.4e-2, and 4.9e-4 with r (benchmarks/Densities). 4. Limited
/// reconstruction (Carrillo, Chertock and Huang, Commun. Comput. Phys. 17, 2015) has second order without diffusion,
/// but needs explicit steps below h/v, and its energy is known to fall only before time is discretised. Here the factor
/// r does for 3 what 4 does: as D goes to 0, r m_up is van Leer's value at the face, and r goes to 1 with P. It only
/// scales the flux, and it is never negative (|s| is at most 2 m_up). So an implicit step with r of the old density
/// stays linear with a matrix of non-negative inverse, F has still the sign of the falling free energy, and still
/// vanishes on exp(-V/D).
/// </remarks>
public sealed class FaceCoefficients
{
    // Below this P, z / (e^z - 1) by its series, whose first term left out is z^10 / 47900160.
    private const double Small = 0.1;

    private readonly double[] exponentials;
    private readonly Action<int, int> fit;
    private readonly SpanWork reconstruct;
    private int current;        // axis worked on: delegates are made once

    /// <summary>Coefficients for a grid, all zero.</summary>
    public FaceCoefficients(Grid grid)
    {
        Grid = grid;
        double[][] New() => [.. grid.Axes.Select(_ => new double[grid.Count])];
        (Velocity, Diffusion, Right, Left, Peclet) = (New(), New(), New(), New(), New());
        exponentials = new double[grid.Count];
        fit = (first, count) => Fit(first, first + count);
        reconstruct = (piece, masses, _, _) => Reconstruct(piece, masses);
    }

    /// <summary>The cells.</summary>
    public Grid Grid { get; }

    /// <summary>v . e_k [axis][face]; what is set at the end of an axis does not matter: at one that absorbs, the
    /// values at the next two faces are extrapolated.</summary>
    public double[][] Velocity { get; }

    /// <summary>D [axis][face], not negative.</summary>
    public double[][] Diffusion { get; }

    /// <summary>r (D/h^2) B(-P) [axis][face]; of the last cell of a line, the rate at which mass leaves at its end.
    /// </summary>
    internal double[][] Right { get; }

    /// <summary>r (D/h^2) B(P) [axis][face]; of the last cell of a line, the rate at which mass leaves the first one at
    /// the line's beginning.</summary>
    internal double[][] Left { get; }

    private double[][] Peclet { get; }

    /// <summary>From velocities and diffusion to the rates of fluxes, with the ratios r of the given masses.</summary>
    internal void Complete(ReadOnlySpan<double> masses)
    {
        for (var k = 0; k < Grid.Dimension; k++)
        {
            current = k;
            Workers.Ranges(Grid.Count, Grid.Threads, fit);
            Workers.Run(Grid.Pieces(k), Grid.Threads, masses, [], [], reconstruct);
        }
    }

    /// <summary>
    /// flux[face] = mass that passes in unit time along an axis: d/dt sum_i g_i m_i is the sum of
    /// flux (g_{i+1} - g_i) over all faces of all axes, whatever g.
    /// </summary>
    internal void Flux(int axis, ReadOnlySpan<double> masses, Span<double> flux)
    {
        double[] right = Right[axis], left = Left[axis];
        var next = Grid.Next(axis);
        for (var face = 0; face < next.Length; face++)
            flux[face] = right[face] * masses[face] - left[face] * masses[next[face]];
    }

    private void Fit(int first, int end)
    {
        double[] velocity = Velocity[current], diffusion = Diffusion[current], peclet = Peclet[current];
        double[] right = Right[current], left = Left[current];
        var h = Grid.Axes[current].Spacing;
        for (var f = first; f < end; f++)
            peclet[f] = velocity[f] == 0 ? 0 : -Math.Abs(velocity[f]) * h / diffusion[f];
        Elementwise.Exp(peclet.AsSpan(first, end - first), exponentials.AsSpan(first, end - first));
        for (var f = first; f < end; f++)
        {
            double drift = Math.Abs(velocity[f]) / h, spread = diffusion[f] / (h * h), z = -peclet[f], against, along;
            if (z < Small)
            {
                var z2 = z * z;
                against = spread * (1 - z / 2 + z2 / 12 * (1 - z2 / 60 * (1 - z2 / 42 * (1 - z2 / 40))));
                along = against + drift;
                peclet[f] = z / 6 * (1 - z2 / 60 * (1 - z2 / 42 * (1 - z2 / 40)));
            }
            else
            {
                along = drift / (1 - exponentials[f]);
                against = along * exponentials[f];
                peclet[f] = (along + against - 2 * spread) / drift;
            }
            // Towards an end that absorbs s/m grows like 1 over the distance x, and L s/m makes an error of h^2 log h:
            // within 2 D / |v| of it L falls like x^2.
            if (Grid.Axes[current].Absorbs)
            {
                var near = Math.Min(1, z * CellsToAbsorbing(f) / 2);
                peclet[f] *= near * near;
            }
            (right[f], left[f]) = velocity[f] >= 0 ? (along, against) : (against, along);
        }
    }

    /// <summary>How many cells lie between a face and the nearest end of the axis that absorbs.</summary>
    private double CellsToAbsorbing(int face)
    {
        var (along, i) = (Grid.Axes[current], Grid.Index(face, current));
        return Math.Min(along.Lower == AxisEnd.Absorbing ? i + 1 : double.PositiveInfinity,
            along.Upper == AxisEnd.Absorbing ? along.Cells - 1 - i : double.PositiveInfinity);
    }

    /// <summary>
    /// (D / (h d)) B(-P d / h), d = h/2: the exponentially fitted flux from the centre of the outermost cell to the
    /// end, where the density is 0; v and D there by those at two faces. Without diffusion it is what the velocity
    /// takes out.
    /// </summary>
    private double Leaving(int outwards, int near, int far)
    {
        var h = Grid.Axes[current].Spacing;
        var velocity = outwards * (2 * Velocity[current][near] - Velocity[current][far]) / h;
        var spread = 2 * Math.Max(0, 2 * Diffusion[current][near] - Diffusion[current][far]) / (h * h);
        if (velocity == 0 || Math.Abs(velocity) < 1e-8 * spread) return spread + velocity / 2;
        return velocity / -double.ExpM1(-velocity / spread);
    }

    private void Reconstruct(int piece, ReadOnlySpan<double> masses)
    {
        double[] velocity = Velocity[current], correction = Peclet[current], right = Right[current], left = Left[current];
        int n = Grid.Axes[current].Cells, stride = Grid.Stride(current);
        var (along, back) = (Grid.Axes[current], (n - 1) * stride);
        var cells = Grid.Piece(current, piece);
        for (var run = 0; run < cells.Runs; run++)
            for (var cell = cells.First + run * cells.Apart; cell < cells.First + run * cells.Apart + cells.Length; cell++)
            {
                var i = stride == 1 ? cell % n : run;
                var start = cell - i * stride;
                if (i == n - 1 && !along.Periodic)
                {
                    right[cell] = along.Upper == AxisEnd.Absorbing ? Leaving(1, cell - stride, cell - 2 * stride) : 0;
                    left[cell] = along.Lower == AxisEnd.Absorbing ? Leaving(-1, start, start + stride) : 0;
                    continue;
                }
                var end = start + back;
                var next = cell == end ? start : cell + stride;
                double up, step, before;
                if (velocity[cell] >= 0)
                {
                    up = masses[cell];
                    step = masses[next] - up;
                    before = cell != start ? up - masses[cell - stride] : along.Periodic ? up - masses[end] : 0;
                }
                else
                {
                    up = masses[next];
                    step = masses[cell] - up;
                    before = next != end ? up - masses[next + stride] : along.Periodic ? up - masses[start] : 0;
                }
                if ((step > 0 && before > 0) || (step < 0 && before < 0))
                {
                    // |s| = 2 a b / (a + b) with a the smaller one, which is at most m_up; no product may underflow.
                    var a = Math.Min(Math.Abs(step), Math.Abs(before));
                    var b = Math.Max(Math.Abs(step), Math.Abs(before));
                    var ratio = 1 + Math.CopySign(correction[cell] * (b / (a + b)) * (a / up), step);
                    right[cell] *= ratio;
                    left[cell] *= ratio;
                }
            }
    }
}
