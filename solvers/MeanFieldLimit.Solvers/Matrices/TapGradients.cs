namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A share of a <see cref="TapGradient"/>, by register tiles of columns of A under one tap and columns of D.</summary>
internal readonly unsafe ref struct TapGradients<L, V, E> where L : ILanes<V, E> where V : struct where E : unmanaged
{
    // Terms between visits of G, the images they come from in the second level.
    private const int Terms = 400, ImageNumbers = 1 << 17;

    private readonly ref readonly TapGradient x;
    private readonly int part, group;
    private readonly (int First, int Count) columns;
    private readonly double* tile;
    private readonly Segment* segments;
    private readonly int* counts;
    private readonly E* panel, images;

    public TapGradients(in TapGradient x, int part, (int First, int Count) columns)
    {
        this.x = ref x;
        (this.part, this.columns) = (part, columns);
        var numbers = x.A.Rows * x.A.Columns;
        group = Math.Clamp(Math.Min(Terms / x.Table.Rows, ImageNumbers / numbers), 1, Math.Max(1, Last - First));
        var tileRoom = L.TileRows * TileColumns;
        var segmentRoom = (long)group * x.Table.Rows * x.Table.Taps * sizeof(Segment) / sizeof(double);
        var (panelRoom, converted) = ((long)group * x.Table.Rows * TileColumns, Converts ? (long)group * numbers : 0);
        var room = Scratch.Get(checked((int)(tileRoom + segmentRoom + x.Table.Taps
            + (panelRoom + converted) * sizeof(E) / sizeof(double) + 1)));
        tile = room;
        segments = (Segment*)(room + tileRoom);
        counts = (int*)(room + tileRoom + segmentRoom);
        panel = (E*)(room + tileRoom + segmentRoom + x.Table.Taps);
        images = panel + panelRoom;
    }

    private static bool Converts => typeof(E) != typeof(double);

    private static int TileColumns => 3 * L.Count;

    private int First => (int)((long)x.Images * part / x.Parts);

    private int Last => (int)((long)x.Images * (part + 1) / x.Parts);

    public void Run()
    {
        for (var n = First; n < Last; n += group)
        {
            var count = Math.Min(group, Last - n);
            var a = Converts ? ImageCopies<L, V, E>.Set(x.A, n, count, images)
                : x.A with { Data = x.A.Data + n * x.A.Image * sizeof(double) };
            Find(a, count);
            var end = columns.First + columns.Count;
            for (var j = columns.First; j < end; j += TileColumns)
            {
                var width = Math.Min(TileColumns, end - j);
                var vectors = (width + L.Count - 1) / L.Count;
                Packing<L, V, E>.Panel(panel, vectors * L.Count, x.D.From(n * x.Table.Rows, j).Transpose, null, width,
                    count * x.Table.Rows);
                for (int c = 0, height; c < x.A.Columns; c += height)
                {
                    height = TileKernel<L, V, E>.Height(x.A.Columns - c);
                    var segment = segments;
                    for (var t = 0; t < x.Table.Taps; segment += counts[t++])
                        Run((E*)a.Data + c * a.Column, segment, counts[t], At(c, t, j), n == First ? 0 : 1, (height, width));
                }
            }
        }
    }

    private Strided At(int c, int t, int j) => new(
        x.G + (((nint)part * x.A.Columns + c) * x.Table.Taps + t) * x.N + j, (nint)x.Table.Taps * x.N, 1);

    /// <summary>Sets the segments of each tap: rows above as far as they, and what they read, follow evenly.</summary>
    private void Find(in ImageBlock a, int count)
    {
        var segment = segments;
        var rows = x.Table.Rows;
        for (var t = 0; t < x.Table.Taps; t++)
        {
            var first = segment;
            *segment = default;
            for (var r = 0; r < count * rows; r++)
            {
                var (n, u) = Math.DivRem(r, rows);
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
                for (var i = 1; i < L.TileRows; i++) (&segment->R1)[i - 1] = i * a.Column;
            }
            segment++;
            counts[t] = (int)(segment - first);
        }
    }

    private void Run(E* a, Segment* from, int count, Strided to, double beta, (int Height, int Width) of)
    {
        var vectors = (of.Width + L.Count - 1) / L.Count;
        var direct = of.Width == vectors * L.Count;
        var here = direct ? to : new(tile, TileColumns, 1);
        TileKernel<L, V, E>.Run(new Tile<E>
        {
            Height = of.Height,
            Vectors = vectors,
            K = 0,
            A = a,
            StepA = default,
            Packed = false,
            Segments = from,
            SegmentCount = count,
            B = panel,
            StepB = vectors * L.Count,
            Ahead = 0,
            C = here,
            F = here,
            Alpha = 1,
            Beta = direct ? beta : 0,
        });
        if (!direct) Merged.Put(tile, TileColumns, new(1, beta, to, to), of.Height, of.Width);
    }
}
