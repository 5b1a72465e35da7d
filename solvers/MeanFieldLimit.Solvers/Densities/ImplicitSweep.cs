using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// Implicit steps along one axis, m' = m + h A m' for the fluxes of <see cref="FaceCoefficients"/>, line by line. The
/// elimination is that of Grassmann, Taksar and Heyman (Oper. Res. 33, 1985), which never subtracts: cells are taken
/// out one by one, and what flows into each is passed on to where its outflow goes. So every mass is non-negative and
/// has a small relative error, however long the step.
/// </summary>
internal sealed class ImplicitSweep
{
    // Lines are solved side by side: one line alone waits for its divisions.
    private const int Lanes = 8;

    private readonly Grid grid;
    private readonly double[] mass, right, left, inverse, fromLast;      // [cell of the line, lane]

    internal ImplicitSweep(Grid grid)
    {
        this.grid = grid;
        var size = Lanes * grid.Axes.Max(axis => axis.Cells);
        (mass, right, left, inverse, fromLast) =
            (new double[size], new double[size], new double[size], new double[size], new double[size]);
    }

    /// <summary>masses over a step of length h along one axis; passed[face] += mass that passed, and where ends absorb
    /// gone[2 axis + end][line] += mass that left.</summary>
    internal void Step(
        int axis, FaceCoefficients faces, double h, Span<double> masses, Span<double> passed, double[][] gone)
    {
        int n = grid.Axes[axis].Cells, stride = grid.Stride(axis), lines = grid.Count / n;
        for (var line = 0; line < lines; line += Lanes)
        {
            var lanes = Math.Min(Lanes, lines - line);
            int start = grid.LineStart(axis, line), across = grid.LineStart(axis, 1);
            // Lanes that are left over keep numbers of other lines: finite, and of no effect.
            for (var i = 0; i < n; i++)
                for (var lane = 0; lane < lanes; lane++)
                {
                    var (cell, at) = (start + i * stride + lane * across, i * Lanes + lane);
                    mass[at] = masses[cell];
                    right[at] = h * faces.Right[axis][cell];
                    left[at] = h * faces.Left[axis][cell];
                }
            if (grid.Axes[axis].Periodic) SolveCircles(n);
            else SolveLines(n);
            for (var i = 0; i < n; i++)
                for (var lane = 0; lane < lanes; lane++)
                {
                    var (cell, at) = (start + i * stride + lane * across, i * Lanes + lane);
                    var next = i < n - 1 ? at + Lanes : lane;
                    masses[cell] = mass[at];
                    if (i < n - 1 || gone.Length == 0 || grid.Axes[axis].Periodic)
                    {
                        passed[cell] += right[at] * mass[at] - left[at] * mass[next];
                        continue;
                    }
                    gone[2 * axis][line + lane] += left[at] * mass[next];
                    gone[2 * axis + 1][line + lane] += right[at] * mass[at];
                }
        }
    }

    private static Span<Vector512<double>> Vectors(double[] values) =>
        MemoryMarshal.Cast<double, Vector512<double>>(values.AsSpan());

    private void SolveLines(int n)
    {
        Span<Vector512<double>> m = Vectors(mass), r = Vectors(right), l = Vectors(left), inv = Vectors(inverse);
        // The diagonal is that and the outflow to cells not yet eliminated; what leaves at the beginning never returns.
        var stays = Vector512<double>.One + l[n - 1];
        for (var i = 0; ; i++)
        {
            inv[i] = Vector512<double>.One / (stays + r[i]);
            if (i == n - 1) break;
            m[i + 1] += r[i] * inv[i] * m[i];
            stays = Vector512<double>.One + l[i] * stays * inv[i];
        }
        m[n - 1] *= inv[n - 1];
        for (var i = n - 2; i >= 0; i--) m[i] = (m[i] + l[i] * m[i + 1]) * inv[i];
    }

    // The last cell neighbours the first one as well, and by elimination all.
    private void SolveCircles(int n)
    {
        Span<Vector512<double>> m = Vectors(mass), r = Vectors(right), l = Vectors(left), inv = Vectors(inverse);
        var into = Vectors(fromLast);
        Vector512<double> stays = Vector512<double>.One, lastStays = stays, toLast = l[n - 1];
        into[0] = r[n - 1];
        for (var i = 0; i < n - 1; i++)
        {
            if (i == n - 2) into[i] += l[i];
            inv[i] = Vector512<double>.One / (stays + r[i] + toLast);
            lastStays += into[i] * stays * inv[i];
            m[n - 1] += toLast * inv[i] * m[i];
            m[i + 1] += r[i] * inv[i] * m[i];
            into[i + 1] = into[i] * r[i] * inv[i];
            toLast *= l[i] * inv[i];
            stays = Vector512<double>.One + l[i] * stays * inv[i];
        }
        m[n - 1] /= lastStays;
        m[n - 2] = (m[n - 2] + into[n - 2] * m[n - 1]) * inv[n - 2];
        for (var i = n - 3; i >= 0; i--) m[i] = (m[i] + l[i] * m[i + 1] + into[i] * m[n - 1]) * inv[i];
    }
}
