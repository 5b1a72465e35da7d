using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A share of a <see cref="TapGradient"/>, by register tiles of columns of A under one tap and columns of D.</summary>
internal readonly unsafe ref struct TapGradients<L, V, E> where L : ILanes<V, E> where V : struct where E : unmanaged
{
    // Terms between visits of G, no more of them than have room for a segment each, of images within the caches where they
    // are copied. With 200 terms a convolutional training step takes as long; the others are round numbers, not tuned.
    private const int MostTerms = 400, MostSegments = 1 << 14, ImageNumbers = 1 << 17;

    private readonly ref readonly TapGradient x;
    private readonly int part, imagesAtOnce, terms;
    private readonly (int First, int Count) columns;
    private readonly double* tile;
    private readonly Segment* segments;
    private readonly int* counts;
    private readonly E* panel, copies;

    public TapGradients(in TapGradient x, int part, (int First, int Count) columns)
    {
        this.x = ref x;
        (this.part, this.columns) = (part, columns);
        var numbers = x.A.Rows * x.A.Columns;
        terms = Math.Clamp(MostSegments / x.Table.Taps, 1, MostTerms);
        imagesAtOnce = Math.Clamp(Math.Min(terms / x.Table.Rows, TileKernel<L, V, E>.Converts ? ImageNumbers / numbers : terms), 1,
            Math.Max(1, Last - First));
        var tileRoom = L.TileRows * TileColumns;
        var segmentRoom = terms * x.Table.Taps * sizeof(Segment) / sizeof(double);
        var (panelRoom, converted) = ((long)terms * TileColumns, TileKernel<L, V, E>.Converts ? (long)imagesAtOnce * numbers : 0);
        var before = (tileRoom + segmentRoom + x.Table.Taps + LineBuffer.Line - 1) / LineBuffer.Line * LineBuffer.Line;
        var room = Scratch.Get(checked((int)(before
            + (panelRoom + converted) * sizeof(E) / sizeof(double) + 1)));
        tile = room;
        segments = (Segment*)(room + tileRoom);
        counts = (int*)(room + tileRoom + segmentRoom);
        panel = (E*)(room + before);
        copies = panel + panelRoom;
    }

    private static int TileColumns => TileKernel<L, V, E>.Columns;

    private int First => (int)((long)x.Images * part / x.Parts);

    private int Last => (int)((long)x.Images * (part + 1) / x.Parts);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        for (var n = First; n < Last; n += imagesAtOnce)
        {
            var count = Math.Min(imagesAtOnce, Last - n);
            var a = ImageCopies<L, V, E>.Of(x.A, n, count, copies);
            for (var row = 0; row < count * x.Table.Rows; row += terms)
                Run(a, n, row, Math.Min(terms, count * x.Table.Rows - row), n == First && row == 0 ? 0 : 1);
        }
    }

    /// <summary>The terms of some rows above, those of images from n on being counted from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(in ImageBlock a, int n, int row, int count, double beta)
    {
        SetSegments(a, row, count);
        var end = columns.First + columns.Count;
        for (var j = columns.First; j < end; j += TileColumns)
        {
            var width = Math.Min(TileColumns, end - j);
            Packing<L, V, E>.Panel(panel, TileKernel<L, V, E>.Vectors(width) * L.Count,
                x.D.From(n * x.Table.Rows + row, j).Transpose, null, width, count);
            for (int c = 0, height; c < x.A.Columns; c += height)
            {
                height = TileKernel<L, V, E>.Height(x.A.Columns - c);
                var segment = segments;
                for (var t = 0; t < x.Table.Taps; segment += counts[t++])
                    Run((E*)a.Data + c * a.Column, segment, counts[t], new(1, beta, At(c, t, j), At(c, t, j)), (height, width));
            }
        }
    }

    private Strided At(int c, int t, int j) => new(
        x.G + (((nint)part * x.A.Columns + c) * x.Table.Taps + t) * x.N + j, (nint)x.Table.Taps * x.N, 1);

    /// <summary>Of each tap the rows above as far as they, and what they read, follow evenly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetSegments(in ImageBlock a, int row, int count)
    {
        var segment = segments;
        for (var t = 0; t < x.Table.Taps; t++)
        {
            var first = segment;
            *segment = default;
            for (var r = 0; r < count; r++)
            {
                var (n, u) = Math.DivRem(row + r, x.Table.Rows);
                var source = x.Table.Source(u, t);
                if (source < 0) continue;
                var at = n * a.Image + source * a.Row;
                if (segment->Count > 0 && r == segment->B + segment->Count)
                {
                    if (segment->Count == 1) segment->Step = at - segment->A;
                    if (at == segment->A + segment->Count * segment->Step)
                    {
                        segment->Count++;
                        continue;
                    }
                }
                if (segment->Count > 0) segment++;
                *segment = new() { A = at, B = r, Count = 1 };
                for (var i = 1; i < L.TileRows; i++) segment->Rows[i - 1] = i * a.Column;
            }
            segment++;
            counts[t] = (int)(segment - first);
        }
    }

    private void Run(E* a, Segment* from, int count, in Target to, (int Height, int Width) of)
    {
        var vectors = TileKernel<L, V, E>.Vectors(of.Width);
        var direct = of.Width == vectors * L.Count;
        var here = direct ? to.C : new(tile, TileColumns, 1);
        TileKernel<L, V, E>.Run(new Tile<E>
        {
            Height = of.Height,
            Vectors = vectors,
            A = a,
            Segments = from,
            SegmentCount = count,
            B = panel,
            StepB = vectors * L.Count,
            C = here,
            F = here,
            Alpha = 1,
            Beta = direct ? to.Beta : 0,
        });
        if (!direct) Merged.Put(tile, TileColumns, to, of.Height, of.Width);
    }
}
