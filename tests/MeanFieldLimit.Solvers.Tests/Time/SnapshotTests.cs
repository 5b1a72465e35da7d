namespace MeanFieldLimit.Solvers.Tests.Time;

public class SnapshotTests
{
    private static RunInProgress Run(string method = "dormand-prince", int dimension = 2, double end = 1,
        double tolerance = 1e-5, double? step = null, params double[] saves)
    {
        var field = new Field(dimension, (t, y) => [.. y.Select(v => -v)]);
        var (stepper, control) = step is { } h ? TimeMethod.Find(method).Fixed(field, h)
            : TimeMethod.Find(method).Adaptive(field, new(tolerance, tolerance), new RootMeanSquareNorm());
        return new TimeLoop { Stepper = stepper, Control = control, SaveTimes = saves }
            .Begin(Enumerable.Repeat(1.0, dimension).ToArray(), new(0, end));
    }

    private static byte[] Saved(IResumable what)
    {
        using var stream = new MemoryStream();
        Snapshot.Write(stream, what);
        return stream.ToArray();
    }

    private static string Refused(byte[] saved, IResumable into) =>
        Assert.Throws<InvalidDataException>(() => Snapshot.Read(new MemoryStream(saved), into)).Message;

    [Fact]
    public void A_snapshot_that_was_cut_or_changed_anywhere_is_refused_and_nothing_is_read()
    {
        var saved = Saved(Run());
        for (var k = 0; k < saved.Length; k++)
        {
            var (changed, into) = (saved.ToArray(), new Untouched());
            changed[k] ^= 1;
            Assert.Matches("it is no snapshot|of version 1, this is of 0|it was cut or changed", Refused(changed, into));
            Assert.Matches("it is no snapshot|it was cut or changed", Refused(saved[..k], into));
        }
        Assert.Contains("it was cut or changed", Refused([.. saved, 0], new Untouched()));
    }

    [Fact]
    public void A_snapshot_may_stand_behind_something_else_and_is_read_to_its_end()
    {
        using var stream = new MemoryStream();
        stream.Write([1, 2, 3]);
        Snapshot.Write(stream, Run());
        stream.Position = 3;
        Snapshot.Read(stream, Run());
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void A_snapshot_of_known_length_may_stand_before_something_else()
    {
        var run = Run();
        run.AdvanceToEnd();
        var saved = Saved(run);
        using var stream = new MemoryStream([1, 2, 3, .. saved, 4, 5]) { Position = 3 };
        var into = Run();
        Snapshot.Read(stream, saved.Length, into);
        Assert.Equal(3 + saved.Length, stream.Position);
        Assert.Equal(run.State, into.State);
    }

    [Fact]
    public void A_snapshot_of_another_method_is_refused_with_both_names()
    {
        foreach (var from in TimeMethod.All.Where(m => m.EstimatesError))
            foreach (var to in TimeMethod.All.Where(m => m.EstimatesError && m != from))
            {
                var message = Refused(Saved(Run(from.Name)), Run(to.Name));
                Assert.Contains($"it is of '{from.Name}", message);
                Assert.Contains($"read into '{to.Name}", message);
            }
    }

    [Fact]
    public void A_snapshot_of_another_run_is_refused_with_what_differs()
    {
        Assert.Contains("array of length 3 where 2 is expected", Refused(Saved(Run(dimension: 3)), Run()));
        Assert.Contains("it is of 'run to 2 with 0 save times", Refused(Saved(Run(end: 2)), Run()));
        Assert.Contains("with 1 save times", Refused(Saved(Run(saves: 0.5)), Run()));
        Assert.Contains("Relative = 0.001", Refused(Saved(Run(tolerance: 1e-3)), Run()));
        Assert.Contains("it is of 'steps of 0.25', read into 'steps of 0.5'",
            Refused(Saved(Run("euler", step: 0.25)), Run("euler", step: 0.5)));
    }

    [Fact]
    public void Every_kind_of_value_comes_back()
    {
        var (from, to) = (new Kinds(), new Kinds());
        from.Fill();
        Snapshot.Read(new MemoryStream(Saved(from)), to);
        Assert.Equivalent(from, to, strict: true);
        Snapshot.Read(new MemoryStream(Saved(new Kinds())), from);
        Assert.Equivalent(new Kinds(), from, strict: true);
    }

    [Fact]
    public void A_long_array_comes_back()
    {
        var (from, to) = (new SavedStates(), new SavedStates());
        from.Record(1, [.. Enumerable.Range(0, 200_001).Select(k => (double)k)]);
        Snapshot.Read(new MemoryStream(Saved(from)), to);
        Assert.Equal(from.States[0], to.States[0]);
    }

    [Fact]
    public void More_or_less_than_what_was_written_is_not_read()
    {
        Assert.Contains("it ends before what is expected", Refused(Saved(new Longs(1)), new Longs(2)));
        Assert.Contains("it holds 8 bytes more", Refused(Saved(new Longs(2)), new Longs(1)));
        // Lengths are looked at before there is room made for them.
        Assert.Contains("it ends before what is expected", Refused(Saved(new Longs(1, int.MaxValue)), new Kinds()));
        Assert.Contains("it ends before what is expected", Refused(Saved(new Longs(1, -1)), new Kinds()));
    }

    private sealed class Untouched : IResumable
    {
        public void Carry(Snapshot snapshot) => Assert.Fail("nothing may be read");
    }

    private sealed class Longs(int count, long value = 0) : IResumable
    {
        public void Carry(Snapshot snapshot)
        {
            for (var k = 0; k < count; k++) value = snapshot.Value(value);
        }
    }

    private sealed class Kinds : IResumable
    {
        private double[] any = [];
        private string text = "";
        private double? maybe;
        private (int, bool) pair;

        public double[] Any => any;

        public string Text => text;

        public double? Maybe => maybe;

        public (int, bool) Pair => pair;

        public int[] Fixed { get; } = new int[3];

        public List<long> Numbers { get; } = [];

        public List<double[]> Arrays { get; } = [];

        public List<string> Texts { get; } = [];

        public void Carry(Snapshot snapshot)
        {
            snapshot.Carry(ref any);
            snapshot.Carry(ref text);
            snapshot.Carry(ref maybe);
            snapshot.Carry(ref pair);
            snapshot.Carry<int>(Fixed);
            snapshot.Carry(Numbers);
            snapshot.Carry(Arrays);
            snapshot.Carry(Texts);
        }

        internal void Fill()
        {
            (any, text, maybe, pair) = ([1, double.NaN, -0.0], "Å–θ", 3, (4, true));
            (Fixed[0], Fixed[2]) = (9, 10);
            Numbers.AddRange([5, -6]);
            Arrays.AddRange([[], [7.5]]);
            Texts.AddRange(["", "eight"]);
        }
    }
}
