using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A share of a <see cref="TapSum"/>, some images or some classes of rows, by register tiles of rows that read the
/// same slots, wherever they lie; W in panels.</summary>
internal readonly unsafe ref struct TapSums<L, V, E> where L : ILanes<V, E> where V : struct where E : unmanaged
{
    // A stack of W within the second level of caches: of 576 terms and 64 columns a convolutional training step takes 0.95
    // of what it takes with 256, C being visited less often. W of a block within the outer caches, rows of some images within
    // the second level, of enough of them for whole tiles.
    private const int StackNumbers = 40_000, MostTerms = 1024, BlockColumns = 144, BlockNumbers = 1 << 18,
        ImageNumbers = 1 << 15, LeastRows = 16;

    private readonly ref readonly TapSum x;
    private readonly (int First, int Last) images, classes;
    private readonly int firstSlot, slots, slotsAtOnce, termsAtOnce, imagesAtOnce, blockColumns;
    private readonly double* tile;
    private readonly Segment* segments;
    private readonly int* places;
    private readonly E* panels, copies;
    private readonly (nint Image, int Sources)* rowsOfA;

    public TapSums(in TapSum x, (int First, int Last) images, (int First, int Last) classes)
    {
        this.x = ref x;
        (this.images, this.classes) = (images, classes);
        firstSlot = int.MaxValue;
        foreach (var rows in Classes)
            if (rows.Slots.Length > 0)
                (firstSlot, slots) = (Math.Min(firstSlot, rows.Slots[0]), Math.Max(slots, rows.Slots[^1] + 1));
        if (slots == 0) (firstSlot, slots) = (0, 1);
        slots -= firstSlot;
        blockColumns = TileKernel<L, V, E>.Vectors(Math.Min(BlockColumns, x.N)) * L.Count;
        var depth = Math.Min(StackNumbers / blockColumns, MostTerms);
        (slotsAtOnce, termsAtOnce) = (Math.Clamp(depth / x.A.Columns, 1, slots), Math.Min(x.A.Columns, depth));
        var numbers = x.A.Rows * x.A.Columns;
        imagesAtOnce = Math.Min(images.Last - images.First, Math.Max(ImageNumbers / numbers, (LeastRows + x.Rows.Count - 1) / x.Rows.Count));
        var (tileRoom, segmentRoom) = (L.TileRows * TileColumns, slotsAtOnce * sizeof(Segment) / sizeof(double));
        var panelRoom = (long)blockColumns * TermsOfBlock;
        var converted = TileKernel<L, V, E>.Converts ? (long)imagesAtOnce * numbers : 0;
        var rowRoom = L.TileRows * (sizeof((nint, int)) + sizeof(int)) / sizeof(double) + 1;
        var before = (tileRoom + segmentRoom + rowRoom + LineBuffer.Line - 1) / LineBuffer.Line * LineBuffer.Line;
        var room = Scratch.Get(checked((int)(before
            + (panelRoom + converted) * sizeof(E) / sizeof(double) + 1)));
        tile = room;
        segments = (Segment*)(room + tileRoom);
        rowsOfA = ((nint, int)*)(segments + slotsAtOnce);
        places = (int*)(rowsOfA + L.TileRows);
        panels = (E*)(room + before);
        copies = panels + panelRoom;
    }

    private static int TileColumns => TileKernel<L, V, E>.Columns;

    private ReadOnlySpan<RowClass> Classes => x.Rows.Classes.AsSpan(classes.First..classes.Last);

    private int StacksOfSlot => (x.A.Columns + termsAtOnce - 1) / termsAtOnce;

    private int Stacks => (slots + slotsAtOnce - 1) / slotsAtOnce * StacksOfSlot;

    private int StacksOfBlock => Math.Max(1, BlockNumbers / (blockColumns * slotsAtOnce * termsAtOnce));

    private int TermsOfBlock => Math.Min(StacksOfBlock, Stacks) * slotsAtOnce * termsAtOnce;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        for (var j = 0; j < x.N; j += BlockColumns)
        {
            var columns = Math.Min(BlockColumns, x.N - j);
            for (var stack = 0; stack < Stacks; stack += StacksOfBlock)
            {
                var end = Math.Min(stack + StacksOfBlock, Stacks);
                for (var s = stack; s < end; s++) Pack(Of(s), Panel(s - stack, columns), j, columns);
                for (var n = images.First; n < images.Last; n += imagesAtOnce)
                {
                    var count = Math.Min(imagesAtOnce, images.Last - n);
                    var a = ImageCopies<L, V, E>.Of(x.A, n, count, copies);
                    for (var s = stack; s < end; s++) Run(a, Of(s), n, count, Panel(s - stack, columns), (j, columns));
                }
            }
        }
    }

    /// <summary>Slots [First, Last), and of each of them so many terms from one on: some slots with all, or one with a part of
    /// them.</summary>
    private readonly record struct Stack(int First, int Last, int Term, int Count)
    {
        public int Terms => (Last - First) * Count;
    }

    private Stack Of(int stack)
    {
        var (slot, term) = (stack / StacksOfSlot * slotsAtOnce, stack % StacksOfSlot * termsAtOnce);
        return new(firstSlot + slot, firstSlot + Math.Min(slot + slotsAtOnce, slots), term, Math.Min(termsAtOnce, x.A.Columns - term));
    }

    private E* Panel(int stack, int columns) =>
        panels + (nint)stack * slotsAtOnce * termsAtOnce * TileKernel<L, V, E>.Vectors(columns) * L.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(Stack stack, E* to, int j, int all)
    {
        for (var column = 0; column < all; column += TileColumns)
        {
            var columns = Math.Min(TileColumns, all - column);
            var width = TileKernel<L, V, E>.Vectors(columns) * L.Count;
            var panel = to + (nint)column * stack.Terms;
            for (var slot = stack.First; slot < Math.Min(stack.Last, x.Rows.Taps.Length); slot++, panel += (nint)stack.Count * width)
            {
                var w = new Strided(x.W.Data + x.Rows.Taps[slot] * x.Tap, x.W.Row, x.W.Column).From(stack.Term, j + column);
                Packing<L, V, E>.Panel(panel, width, w.Transpose, x.P == null ? null : x.P + stack.Term, columns, stack.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(in ImageBlock a, Stack stack, int n, int count, E* panel, (int First, int Count) columns)
    {
        foreach (var rows in Classes)
        {
            var (from, to) = (At(rows.Slots, stack.First), At(rows.Slots, stack.Last));
            // The first terms are added to F, or what reads nothing is F; later ones to C.
            var begins = from == 0 && stack.Term == 0 && (to > 0 || rows.Slots.Length == 0 && stack.First == firstSlot);
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
                    rowsOfA[i] = (image * a.Image + stack.Term * a.Column, row * rows.Slots.Length);
                }
                SetSegments(a, stack, rows, (from, to), height);
                for (var j = 0; j < columns.Count; j += TileColumns)
                    Run((E*)a.Data, panel + (nint)j * stack.Terms, (height, Math.Max(1, to - from)), f, beta,
                        (columns.First + j, Math.Min(TileColumns, columns.Count - j)));
            }
        }

        static int At(int[] slots, int slot)
        {
            var at = Array.BinarySearch(slots, slot);
            return at < 0 ? ~at : at;
        }
    }

    /// <summary>Of each slot the terms of a tile, wherever its rows have them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetSegments(in ImageBlock a, Stack stack, RowClass rows, (int From, int To) slots, int height)
    {
        fixed (int* sources = rows.Sources)
        {
            var segment = segments;
            *segment = default;
            for (var s = slots.From; s < slots.To; s++, segment++)
            {
                var first = rowsOfA[0].Image + sources[rowsOfA[0].Sources + s] * a.Row;
                segment->A = first;
                segment->B = (rows.Slots[s] - stack.First) * stack.Count;
                segment->Step = a.Column;
                segment->Count = stack.Count;
                for (var i = 1; i < height; i++)
                    segment->Rows[i - 1] = rowsOfA[i].Image + sources[rowsOfA[i].Sources + s] * a.Row - first;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(E* a, E* panel, (int Height, int Segments) of, Strided f, double beta, (int First, int Count) columns)
    {
        var vectors = TileKernel<L, V, E>.Vectors(columns.Count);
        var step = of.Height > 1 ? places[1] - places[0] : 0;
        var direct = columns.Count == vectors * L.Count;
        for (var i = 2; i < of.Height; i++) direct &= places[i] - places[i - 1] == step;
        var here = new Strided(tile, TileColumns, 1);
        var (toC, toF) = (x.C.From(0, columns.First), f.From(0, columns.First));
        TileKernel<L, V, E>.Run(new Tile<E>
        {
            Height = of.Height,
            Vectors = vectors,
            A = a,
            Segments = segments,
            SegmentCount = of.Segments,
            B = panel,
            StepB = vectors * L.Count,
            C = direct ? new(toC.Data + places[0] * toC.Row, step * toC.Row, 1) : here,
            F = direct ? new(toF.Data + places[0] * toF.Row, step * toF.Row, 1) : here,
            Alpha = 1,
            Beta = direct ? beta : 0,
        });
        for (var i = 0; i < of.Height && !direct; i++)
            Merged.Put(tile + i * TileColumns, TileColumns, new(1, beta, toF.From(places[i], 0), toC.From(places[i], 0)), 1,
                columns.Count);
    }
}
