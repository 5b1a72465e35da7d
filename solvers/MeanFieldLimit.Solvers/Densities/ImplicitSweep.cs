using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MeanFieldLimit.Solvers.Threads;

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
    private readonly SpanWork solve;
    private readonly ConcurrentBag<Bundle> free = [];
    private Sweep at;

    internal ImplicitSweep(Grid grid) => (this.grid, solve) = (grid, (piece, _, _, masses) => Solve(piece, masses));

    /// <summary>masses over a step of length h along one axis; passed[face] += mass that passed, and where ends absorb
    /// gone[2 axis + end][line] += mass that left.</summary>
    internal void Step(int axis, FaceCoefficients faces, double h, Span<double> masses, double[] passed, double[][] gone)
    {
        at = new(axis, faces, h, passed, gone);
        Workers.Run(grid.Pieces(axis), grid.Threads, [], [], masses, solve);
    }

    private void Solve(int piece, Span<double> masses)
    {
        if (!free.TryTake(out var bundle)) bundle = new(grid);
        var end = Math.Min((piece + 1) * Grid.LinesOfPiece, grid.Lines(at.Axis));
        for (var line = piece * Grid.LinesOfPiece; line < end; line += Lanes)
        {
            bundle.Load(at.Axis, line, at.Faces, at.H, masses);
            bundle.Solve();
            bundle.Store(masses, at.Passed, at.Gone);
        }
        free.Add(bundle);
    }

    private readonly record struct Sweep(int Axis, FaceCoefficients Faces, double H, double[] Passed, double[][] Gone);

    /// <summary>Eight lines at most, and what solves them, [cell of the line][lane].</summary>
    private sealed class Bundle
    {
        private readonly Grid grid;
        private readonly Vector512<double>[] mass, right, left, inverse, fromLast;
        private int axis, line, lanes, start, stride, across, n;

        internal Bundle(Grid grid)
        {
            this.grid = grid;
            var size = grid.Axes.Max(axis => axis.Cells);
            (mass, right, left, inverse) = (New(), New(), New(), New());
            fromLast = grid.Axes.Any(axis => axis.Periodic) ? New() : [];
            Vector512<double>[] New() => new Vector512<double>[size];
        }

        private bool AreAdjacent => across == 1 && lanes == Lanes;

        // Lanes that are left over keep numbers of other lines: finite, and of no effect.
        internal void Load(int axis, int line, FaceCoefficients faces, double h, ReadOnlySpan<double> masses)
        {
            (this.axis, this.line, n, stride) = (axis, line, grid.Axes[axis].Cells, grid.Stride(axis));
            (start, across) = (grid.LineStart(axis, line), grid.LineStart(axis, 1));
            lanes = Math.Min(Lanes, grid.Lines(axis) - line);
            Take(masses, 1, mass);
            Take(faces.Right[axis], h, right);
            Take(faces.Left[axis], h, left);
        }

        internal void Solve()
        {
            if (grid.Axes[axis].Periodic) SolveCircles();
            else SolveLines();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void Store(Span<double> masses, double[] passed, double[][] gone)
        {
            if (AreAdjacent)
                for (var i = 0; i < n; i++) mass[i].CopyTo(masses[(start + i * stride)..]);
            else
            {
                var from = Numbers(mass);
                for (var lane = 0; lane < lanes; lane++)
                    for (var (i, cell) = (0, start + lane * across); i < n; i++, cell += stride)
                        masses[cell] = from[i * Lanes + lane];
            }
            var first = mass[0];
            for (var i = 0; i < n - 1; i++) mass[i] = right[i] * mass[i] - left[i] * mass[i + 1];
            var counts = gone.Length > 0 && !grid.Axes[axis].Periodic;
            for (var lane = 0; lane < lanes && counts; lane++)
            {
                gone[2 * axis][line + lane] += left[n - 1][lane] * first[lane];
                gone[2 * axis + 1][line + lane] += right[n - 1][lane] * mass[n - 1][lane];
            }
            mass[n - 1] = counts ? default : right[n - 1] * mass[n - 1] - left[n - 1] * first;
            if (AreAdjacent)
                for (var i = 0; i < n; i++)
                {
                    var faces = passed.AsSpan(start + i * stride, Lanes);
                    (Vector512.Create<double>(faces) + mass[i]).CopyTo(faces);
                }
            else
            {
                var from = Numbers(mass);
                for (var lane = 0; lane < lanes; lane++)
                    for (var (i, cell) = (0, start + lane * across); i < n; i++, cell += stride)
                        passed[cell] += from[i * Lanes + lane];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Take(ReadOnlySpan<double> cells, double scale, Vector512<double>[] to)
        {
            if (AreAdjacent)
            {
                for (var i = 0; i < n; i++) to[i] = scale * Vector512.Create(cells.Slice(start + i * stride, Lanes));
                return;
            }
            var numbers = Numbers(to);
            for (var lane = 0; lane < lanes; lane++)
                for (var (i, cell) = (0, start + lane * across); i < n; i++, cell += stride)
                    numbers[i * Lanes + lane] = scale * cells[cell];
        }

        private static Span<double> Numbers(Vector512<double>[] vectors) =>
            MemoryMarshal.Cast<Vector512<double>, double>(vectors.AsSpan());

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void SolveLines()
        {
            Vector512<double>[] m = mass, r = right, l = left, inv = inverse;
            // The diagonal is that and the outflow to cells not yet eliminated; what leaves at the beginning never
            // returns.
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
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void SolveCircles()
        {
            Vector512<double>[] m = mass, r = right, l = left, inv = inverse, into = fromLast;
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
}
