using System.Diagnostics.CodeAnalysis;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A share of a <see cref="TapSum"/>: images [first, last), by register tiles of rows that read the same slots,
/// which lie wherever they lie; W in panels.</summary>
[SuppressMessage("Reliability", "CA1815", Justification = "A computation is not compared.")]
internal readonly unsafe ref struct TapSums<L, V, E> where L : ILanes<V, E> where V : struct where E : unmanaged
{
    // A stack of W within the second level of caches: of 576 terms and 64 columns a convolutional training step takes 0.95
    // of what it takes with 256, C being visited less often. W of a block within the outer caches, rows of some images within
    // the second level, of enough of them for whole tiles.
    private const int StackNumbers = 40_000, MostTerms = 1024, BlockColumns = 144, BlockNumbers = 1 << 18,
        ImageNumbers = 1 << 15, LeastRows = 16;

    private readonly ref readonly TapSum x;
    private readonly int first, last, slotsAtOnce, termsAtOnce, slots, group;
    private readonly double* tile;
    private readonly Segment* segments;
    private readonly int* places;
    private readonly E* panels, copies;
    private readonly (nint Image, int Row)* images;

    public TapSums(in TapSum x, int first, int last)
    {
        this.x = ref x;
        (this.first, this.last, slots) = (first, last, x.Rows.Taps.Length);
        var depth = Math.Min(StackNumbers / Math.Min(BlockColumns, x.N), MostTerms);
        (slotsAtOnce, termsAtOnce) = (Math.Clamp(depth / x.A.Columns, 1, slots), Math.Min(x.A.Columns, depth));
        var numbers = x.A.Rows * x.A.Columns;
        group = Math.Min(last - first, Math.Max(ImageNumbers / numbers, (LeastRows + x.Rows.Count - 1) / x.Rows.Count));
        var (tileRoom, segmentRoom) = (L.TileRows * TileColumns, slotsAtOnce * sizeof(Segment) / sizeof(double));
        var panelRoom = (long)(Math.Min(BlockColumns, x.N) + TileColumns) * TermsOfBlock;
        var converted = Converts ? (long)group * numbers : 0;
        var rowRoom = L.TileRows * (sizeof((nint, int)) + sizeof(int)) / sizeof(double) + 1;
        var room = Scratch.Get(checked((int)(tileRoom + segmentRoom + rowRoom
            + (panelRoom + converted) * sizeof(E) / sizeof(double) + 1)));
        tile = room;
        segments = (Segment*)(room + tileRoom);
        images = ((nint, int)*)(segments + slotsAtOnce);
        places = (int*)(images + L.TileRows);
        panels = (E*)(room + tileRoom + segmentRoom + rowRoom);
        copies = panels + panelRoom;
    }

    private static bool Converts => typeof(E) != typeof(double);

    private static int TileColumns => 3 * L.Count;

    /// <summary>Stacks: some slots with all their terms, or a part of those of one slot.</summary>
    private int StacksOfSlot => (x.A.Columns + termsAtOnce - 1) / termsAtOnce;

    private int Stacks => (slots + slotsAtOnce - 1) / slotsAtOnce * StacksOfSlot;

    private int StacksOfBlock => Math.Max(1, BlockNumbers / (Math.Min(BlockColumns, x.N) * slotsAtOnce * termsAtOnce));

    private int TermsOfBlock => Math.Min(StacksOfBlock, Stacks) * slotsAtOnce * termsAtOnce;

    public void Run()
    {
        for (var j = 0; j < x.N; j += BlockColumns)
        {
            var columns = Math.Min(BlockColumns, x.N - j);
            for (var stack = 0; stack < Stacks; stack += StacksOfBlock)
            {
                var end = Math.Min(stack + StacksOfBlock, Stacks);
                for (var s = stack; s < end; s++) Pack(Of(s), Panel(s - stack, columns), j, columns);
                for (var n = first; n < last; n += group)
                {
                    var count = Math.Min(group, last - n);
                    var a = Converts ? ImageCopies<L, V, E>.Set(x.A, n, count, copies)
                        : x.A with { Data = x.A.Data + n * x.A.Image * sizeof(double) };
                    for (var s = stack; s < end; s++) Run(a, Of(s), n, count, Panel(s - stack, columns), (j, columns));
                }
            }
        }
    }

    /// <summary>Slots [First, Last) of a stack, and of each of them its terms, from one on.</summary>
    private readonly record struct Stack(int First, int Last, int Term, int Count)
    {
        public int Terms => (Last - First) * Count;
    }

    private Stack Of(int stack)
    {
        var (slot, term) = (stack / StacksOfSlot * slotsAtOnce, stack % StacksOfSlot * termsAtOnce);
        return new(slot, Math.Min(slot + slotsAtOnce, slots), term, Math.Min(termsAtOnce, x.A.Columns - term));
    }

    private E* Panel(int stack, int columns) =>
        panels + (nint)stack * slotsAtOnce * termsAtOnce * ((columns + TileColumns - 1) / TileColumns * TileColumns);

    private void Pack(Stack stack, E* to, int j, int all)
    {
        for (var column = 0; column < all; column += TileColumns)
        {
            var columns = Math.Min(TileColumns, all - column);
            var width = (columns + L.Count - 1) / L.Count * L.Count;
            var panel = to + (nint)column * stack.Terms;
            for (var slot = stack.First; slot < stack.Last; slot++, panel += (nint)stack.Count * width)
            {
                var w = new Strided(x.W.Data + x.Rows.Taps[slot] * x.Tap, x.W.Row, x.W.Column).From(stack.Term, j + column);
                Packing<L, V, E>.Panel(panel, width, w.Transpose, x.P == null ? null : x.P + stack.Term, columns, stack.Count);
            }
        }
    }

    private void Run(in ImageBlock a, Stack stack, int n, int count, E* panel, (int First, int Count) columns)
    {
        foreach (var rows in x.Rows.Classes)
        {
            var (from, to) = (At(rows.Slots, stack.First), At(rows.Slots, stack.Last));
            // The first terms are added to F, or what reads nothing is F; later ones to C.
            var begins = from == 0 && stack.Term == 0 && (to > 0 || rows.Slots.Length == 0 && stack.First == 0);
            if (from == to && !begins) continue;
            var (f, beta) = begins ? (x.F, x.Beta) : (x.C, 1);
            var all = count * rows.Rows.Length;
            for (int r = 0, height; r < all; r += height)
            {
                height = TileKernel<L, V, E>.Height(all - r);
                for (var i = 0; i < height; i++)
                {
                    var (image, row) = Math.DivRem(r + i, rows.Rows.Length);
                    places[i] = (n + image) * x.Rows.Count + rows.Rows[row];
                    images[i] = (image * a.Image + stack.Term * a.Column, row * rows.Slots.Length);
                }
                SetSegments(a, stack, rows, (from, to), height);
                var sum = Sum((E*)a.Data, Math.Max(1, to - from), height);
                for (var j = 0; j < columns.Count; j += TileColumns)
                    Run(sum with { B = panel + (nint)j * stack.Terms }, f.From(0, columns.First + j), beta,
                        (columns.First + j, Math.Min(TileColumns, columns.Count - j)));
            }
        }

        static int At(int[] slots, int slot)
        {
            var at = Array.BinarySearch(slots, slot);
            return at < 0 ? ~at : at;
        }
    }

    private Tile<E> Sum(E* a, int count, int height) => new()
    {
        Height = height,
        Vectors = 0,
        K = 0,
        A = a,
        StepA = default,
        Packed = false,
        Segments = segments,
        SegmentCount = count,
        B = null,
        StepB = 0,
        Ahead = 0,
        C = default,
        F = default,
        Alpha = 1,
        Beta = 0,
    };

    /// <summary>Of each slot the terms of a tile, wherever its rows have them.</summary>
    private void SetSegments(in ImageBlock a, Stack stack, RowClass rows, (int From, int To) slots, int height)
    {
        fixed (int* sources = rows.Sources)
        {
            var segment = segments;
            *segment = default;
            for (var s = slots.From; s < slots.To; s++, segment++)
            {
                var first = images[0].Image + sources[images[0].Row + s] * a.Row;
                segment->A = first;
                segment->B = (rows.Slots[s] - stack.First) * stack.Count;
                segment->Step = a.Column;
                segment->Count = stack.Count;
                var steps = &segment->R1 - 1;
                for (var i = 1; i < height; i++) steps[i] = images[i].Image + sources[images[i].Row + s] * a.Row - first;
            }
        }
    }

    private void Run(in Tile<E> sum, Strided f, double beta, (int First, int Count) columns)
    {
        var vectors = (columns.Count + L.Count - 1) / L.Count;
        var c = x.C.From(0, columns.First);
        var step = sum.Height > 1 ? places[1] - places[0] : 0;
        var direct = columns.Count == vectors * L.Count;
        for (var i = 2; i < sum.Height; i++) direct &= places[i] - places[i - 1] == step;
        var here = new Strided(tile, TileColumns, 1);
        TileKernel<L, V, E>.Run(sum with
        {
            Vectors = vectors,
            StepB = vectors * L.Count,
            C = direct ? new(c.Data + places[0] * c.Row, step * c.Row, 1) : here,
            F = direct ? new(f.Data + places[0] * f.Row, step * f.Row, 1) : here,
            Beta = direct ? beta : 0,
        });
        for (var i = 0; i < sum.Height && !direct; i++)
            Merged.Put(tile + i * TileColumns, TileColumns, new(1, beta, f.From(places[i], 0), c.From(places[i], 0)), 1,
                columns.Count);
    }
}
