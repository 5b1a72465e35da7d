using CsCheck;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class CellStoreTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly List<string> said = [];

    public void Dispose() => temporary.Dispose();

    internal sealed record Inner(double Value, IReadOnlyList<double> List);

    internal sealed record Everything(double[] Array, double[][] Jagged, double Single, Inner Inner, string? Text,
        int[] Integers, RunStatus Status);

    private CellStore Store => new(temporary.Path, said.Add);

    private static Cell<Everything> CellOf(string key) =>
        new(key, 1, [], _ => throw new InvalidOperationException("it is not run here"));

    [Fact]
    public void Every_bit_of_a_number_is_kept()
    {
        // All doubles: NaNs of any bits in arrays, signed zeros, subnormal and infinite ones.
        var any = Gen.Long.Select(BitConverter.Int64BitsToDouble);
        var single = any.Where(v => !double.IsNaN(v));
        Gen.Select(any.Array[0, 20], any.Array[0, 3].Array[0, 3], single, single.List[0, 5], Gen.String).Sample(
            (array, jagged, one, list, text) =>
        {
            var cell = CellOf("a");
            var read = (Everything)Store.Save(cell,
                new Everything(array, jagged, one, new(-one, list), text, [1, -2], RunStatus.TooSlow));
            Assert.Equal(array.Select(BitConverter.DoubleToInt64Bits), read.Array.Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(jagged.Select(r => r.Length), read.Jagged.Select(r => r.Length));
            Assert.Equal(jagged.SelectMany(r => r).Select(BitConverter.DoubleToInt64Bits),
                read.Jagged.SelectMany(r => r).Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(BitConverter.DoubleToInt64Bits(one), BitConverter.DoubleToInt64Bits(read.Single));
            Assert.Equal(BitConverter.DoubleToInt64Bits(-one), BitConverter.DoubleToInt64Bits(read.Inner.Value));
            Assert.Equal(list, read.Inner.List);
            Assert.Equal((text, RunStatus.TooSlow), (read.Text, read.Status));
        }, iter: 100, threads: 1);
        foreach (var special in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon })
            Assert.Equal(special, ((Everything)Store.Save(CellOf("b"), new Everything([], [], special,
                new(special, [special]), null, [], default))).Inner.List[0]);
    }

    [Fact]
    public void Keys_are_file_names_of_their_own()
    {
        Assert.Equal("network~width=100~replicate=3", CellStore.FileName("network/width=100/replicate=3"));
        Gen.String.Where(s => !s.Any(char.IsSurrogate)).Sample(key =>
        {
            var name = CellStore.FileName(key);
            Assert.Equal(key, Uri.UnescapeDataString(name.Replace("~", "%2F", StringComparison.Ordinal)));
            Assert.All(name, c => Assert.True(char.IsAsciiLetterOrDigit(c) || "-_.~%=".Contains(c)));
        });
    }

    [Fact]
    public void A_record_is_absent_until_it_is_saved()
    {
        Assert.Null(Store.Load(CellOf("a")));
        Assert.Empty(said);
    }

    [Fact]
    public void A_file_that_was_cut_or_changed_anywhere_is_not_taken_and_said_once()
    {
        var (cell, store) = (CellOf("a"), Store);
        store.Save(cell, new Everything([1, 2], [], 3, new(4, []), "text", [], default));
        var path = Path.Combine(temporary.Path, "a.cell");
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            File.WriteAllBytes(path, whole[..at]);
            Assert.Null(store.Load(cell));
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.Null(store.Load(cell));
        }
        Assert.Equal($"{path} is cut or changed and not taken: it is computed again", Assert.Single(said));
        File.WriteAllBytes(path, whole);
        Assert.Equal([1, 2], Assert.IsType<Everything>(store.Load(cell)).Array);
    }

    [Fact]
    public void A_record_of_another_key_or_another_shape_is_not_taken()
    {
        Store.Save(CellOf("a"), new Everything([], [], 3, new(4, []), "text", [], default));
        File.Copy(Path.Combine(temporary.Path, "a.cell"), Path.Combine(temporary.Path, "b.cell"));
        Assert.Null(Store.Load(CellOf("b")));
        Assert.Null(Store.Load(new Cell<Inner>("a", 1, [], _ => throw new InvalidOperationException())));
        Assert.Equal(2, said.Count);
    }

    [Fact]
    public void A_failure_keeps_its_state_time_and_status()
    {
        var run = new RunResult
        {
            Status = RunStatus.StepUnderflow,
            Time = 0.1,
            State = [1, double.NaN],
            Steps = 12,
            Refused = 3,
            NonFiniteIndex = 1,
            Slid = new(1, 2, 3),
            Events = [new(0, 0.5, -1)],
        };
        var read = (CellFailure)Store.Save(CellOf("a"), new CellFailure("a", run, 2));
        Assert.Equal(("a", 2, RunStatus.StepUnderflow, 0.1, 12L, 3L, 1), (read.What, read.Layer, read.Run.Status,
            read.Run.Time, read.Run.Steps, read.Run.Refused, read.Run.NonFiniteIndex));
        Assert.Equal(run.State, read.Run.State);
        Assert.Equal((run.Slid, run.Events[0]), (read.Run.Slid, Assert.Single(read.Run.Events)));
    }

    [Fact]
    public void Temporary_files_go_once_their_process_is_dead()
    {
        var own = WholeFile.TemporaryIn(temporary.Path);
        var (host, space, id, start) = ProcessMark.Own;
        string[] kept =
        [
            own, Path.Combine(temporary.Path, "mine.tmp"), Path.Combine(temporary.Path, ".mfl-mine.tmp"),
            Path.Combine(temporary.Path, $".mfl-other-{host}-{space}-{id}-{start + 1}-1.tmp"),
        ];
        // The same number, but an earlier start: it was another process.
        var dead = Path.Combine(temporary.Path, $".mfl-{host}-{space}-{id}-{start - 1}-1.tmp");
        foreach (var file in kept) File.WriteAllText(file, "");
        Directory.CreateDirectory(Path.Combine(dead, "below"));
        WholeFile.ClearLeftovers(temporary.Path, below: true);
        Assert.Equal(kept.Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(temporary.Path).Order(StringComparer.Ordinal));
    }
}
