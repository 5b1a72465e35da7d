using System.Runtime.Intrinsics;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Matrices;

// Products by taps, without a copy of what lies under each window.
public sealed partial class ManagedEngine
{
    /// <inheritdoc/>
    public ManagedEngine OverTaps => this;

    /// <summary>C(n, u, :) = sum_t A(n, source(u, t), :) diag(p) W_t + F(n, u, :), without the diagonal if
    /// <paramref name="p"/> is empty: A [n, v, c], W with row c T + t of tap t, C with row n U + u, F the same or with one row
    /// for all, or with none for zeros. F may be C, which must not overlap anything else.</summary>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    public unsafe void Multiply(TapTable taps, Images a, ReadOnlySpan<double> p, ReadOnlyMatrixView w,
        ReadOnlyMatrixView f, MatrixView c)
    {
        ArgumentNullException.ThrowIfNull(taps);
        var (images, columns) = (Whole(c.Rows, taps.Rows, nameof(c)), Whole(w.Rows, taps.Taps, nameof(w)));
        CheckSome(Math.Min(columns, c.Columns), nameof(w));
        Check("columns", c.Columns, w.Columns, nameof(c));
        CheckF(f, c);
        Check("entries", p.IsEmpty ? columns : p.Length, columns, nameof(p));
        Check("rows", a.Rows, taps.Below, nameof(a));
        Check("columns", a.Columns, columns, nameof(a));
        a.Check(images);
        if (images == 0) return;
        fixed (double* pa = a.Data, pp = p, pw = w.Data, pf = f.Data, pc = c.Data)
            Run(new TapSum
            {
                Rows = taps.Up,
                A = a.At((nint)pa),
                Images = images,
                P = pp,
                W = new(pw, (nint)taps.Taps * w.Stride, 1),
                Tap = w.Stride,
                Beta = f.Rows == 0 ? 0 : 1,
                F = new(pf, f.Rows == 1 ? 0 : f.Stride, 1),
                C = new(pc, c.Stride, 1),
                N = c.Columns,
            });
    }

    /// <summary>The other way, C(n, v, :) = sum_(u, t: source(u, t) = v) D(n, u, :) diag(p) W_t^T + F(n, v, :), D with row
    /// n U + u, C with row n V + v, F as in <see cref="Multiply(TapTable, Images, ReadOnlySpan{double}, ReadOnlyMatrixView,
    /// ReadOnlyMatrixView, MatrixView)"/>.</summary>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    public unsafe void MultiplyBack(
        TapTable taps, ReadOnlyMatrixView d, ReadOnlySpan<double> p, ReadOnlyMatrixView w, ReadOnlyMatrixView f,
        MatrixView c)
    {
        ArgumentNullException.ThrowIfNull(taps);
        var (images, columns) = (Whole(d.Rows, taps.Rows, nameof(d)), Whole(w.Rows, taps.Taps, nameof(w)));
        CheckSome(Math.Min(columns, d.Columns), nameof(w));
        Check("columns", d.Columns, w.Columns, nameof(d));
        Check("entries", p.IsEmpty ? d.Columns : p.Length, d.Columns, nameof(p));
        Check("rows", c.Rows, (long)images * taps.Below, nameof(c));
        Check("columns", c.Columns, columns, nameof(c));
        CheckF(f, c);
        if (images == 0) return;
        fixed (double* pd = d.Data, pp = p, pw = w.Data, pf = f.Data, pc = c.Data)
            Run(new TapSum
            {
                Rows = taps.Down,
                A = new((nint)pd, (nint)taps.Rows * d.Stride, d.Stride, 1, taps.Rows, d.Columns),
                Images = images,
                P = pp,
                W = new(pw, 1, (nint)taps.Taps * w.Stride),
                Tap = w.Stride,
                Beta = f.Rows == 0 ? 0 : 1,
                F = new(pf, f.Rows == 1 ? 0 : f.Stride, 1),
                C = new(pc, c.Stride, 1),
                N = columns,
            });
    }

    /// <summary>G(part, c T + t, :) = sum_(n, u) A(n, source(u, t), c) D(n, u, :) over the images of a part, D with row n U + u,
    /// in so many parts of nearly as many images each. G must not overlap A or D.</summary>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    public unsafe void MultiplyTransposed(TapTable taps, Images a, ReadOnlyMatrixView d, int parts, Span<double> g)
    {
        ArgumentNullException.ThrowIfNull(taps);
        var images = Whole(d.Rows, taps.Rows, nameof(d));
        if (parts < 1 || parts > images)
            throw new ArgumentException($"parts must be of at least one of {images} images, got {parts}", nameof(parts));
        Check("entries", g.Length, (long)parts * a.Columns * taps.Taps * d.Columns, nameof(g));
        CheckSome(Math.Min(a.Columns, d.Columns), nameof(d));
        Check("rows", a.Rows, taps.Below, nameof(a));
        a.Check(images);
        fixed (double* pa = a.Data, pd = d.Data, pg = g)
            Run(new TapGradient
            {
                Table = taps,
                A = a.At((nint)pa),
                Images = images,
                D = new(pd, d.Stride, 1),
                N = d.Columns,
                G = pg,
                Parts = parts,
            });
    }

    private static int Whole(int rows, int of, string name) => rows % of == 0 ? rows / of
        : throw new ArgumentException($"rows must be a multiple of {of}, got {rows}", name);

    private static void CheckSome(int columns, string name)
    {
        if (columns < 1) throw new ArgumentException($"columns of {name} must be at least 1, got {columns}", name);
    }

    private static void Check(string what, int got, long expected, string name)
    {
        if (got != expected) throw new ArgumentException($"{what} of {name} must be {expected}, got {got}", name);
    }

    private static void CheckF(ReadOnlyMatrixView f, MatrixView c)
    {
        if (f.Rows > 1) Check("rows", f.Rows, c.Rows, nameof(f));
        if (f.Rows > 0) Check("columns", f.Columns, c.Columns, nameof(f));
    }

    private void Run<W>(in W work) where W : struct, ITapWork
    {
        if (threads > 1 && work.Shares > 1 && work.Flops >= ThreadedFromFlops) OnThreads(work);
        else for (var n = 0; n < work.Shares; n++) Run(work, n);
    }

    // What a lambda takes along is allocated where its method begins.
    private void OnThreads<W>(W work) where W : struct, ITapWork => Workers.Run(work.Shares, threads, n => Run(work, n));

    private void Run<W>(in W work, int share) where W : struct, ITapWork
    {
        var single = precision == Precision.Single;
        switch (bits)
        {
            case 512 when single: work.Run<SingleLanes512, Vector512<float>, float>(share); break;
            case 512: work.Run<Lanes512, Vector512<double>, double>(share); break;
            case 256 when single: work.Run<SingleLanes256, Vector256<float>, float>(share); break;
            case 256: work.Run<Lanes256, Vector256<double>, double>(share); break;
            default:
                if (single) work.Run<SingleLanes128, Vector128<float>, float>(share);
                else work.Run<Lanes128, Vector128<double>, double>(share);
                break;
        }
    }
}
