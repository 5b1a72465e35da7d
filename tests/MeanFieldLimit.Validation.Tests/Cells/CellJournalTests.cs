using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class CellJournalTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly ManualClock clock = new();
    private readonly List<string> broken = [];

    public void Dispose() => temporary.Dispose();

    private CellJournal Journal(int seconds = 0) =>
        new(Path.Combine(temporary.Path, "a.journal"), TimeSpan.FromSeconds(seconds), clock, broken.Add);

    [Fact]
    public void What_was_done_once_is_not_done_again()
    {
        Assert.Equal([0.1, double.NaN], Journal().Once("piece/1", () => new[] { 0.1, double.NaN }));
        Assert.Equal([0.1, double.NaN], Journal().Once<double[]>("piece/1", () => throw new InvalidOperationException()));
        Assert.Equal(2, Journal().Once("piece/2", () => 2));
    }

    [Fact]
    public void A_piece_that_fails_is_done_again()
    {
        Assert.Throws<InvalidOperationException>(() => Journal().Once<int>("a", () => throw new InvalidOperationException()));
        Assert.Equal(1, Journal().Once("a", () => 1));
    }

    [Fact]
    public void A_checkpoint_is_kept_when_the_interval_has_passed()
    {
        var journal = Journal(seconds: 60);
        Assert.Null(Restored());
        Checkpoint(journal, 1);
        Assert.Null(Restored());
        clock.GoOn(TimeSpan.FromSeconds(60));
        Checkpoint(journal, 2);
        Assert.Equal(2, Restored());
        clock.GoOn(TimeSpan.FromSeconds(59));
        Checkpoint(journal, 3);
        Assert.Equal(2, Restored());
        journal.CheckpointNow("run", s => s.WriteByte(4));
        Assert.Equal(4, Restored());
        clock.GoOn(TimeSpan.FromSeconds(59));
        Checkpoint(journal, 5);
        Assert.Equal(4, Restored());
        Checkpoint(Journal(), 6);
        Assert.Equal(6, Restored());
        Assert.Empty(broken);
    }

    [Fact]
    public void The_checkpoint_of_what_is_done_goes_and_the_journal_of_a_cell_with_it()
    {
        var journal = Journal();
        Assert.Equal(1, journal.Once("run", () =>
        {
            Checkpoint(journal, 1);
            return 1;
        }));
        Assert.Null(Restored());
        journal.Clear();
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));
    }

    [Fact]
    public void A_broken_checkpoint_is_none_and_a_write_that_fails_leaves_the_one_before()
    {
        Checkpoint(Journal(), 1);
        Assert.Throws<InvalidOperationException>(() => Journal().Checkpoint("run", s =>
        {
            s.WriteByte(2);
            throw new InvalidOperationException();
        }));
        Assert.Equal(1, Restored());
        var file = Assert.Single(Directory.GetFiles(temporary.Path, "*", SearchOption.AllDirectories));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        Assert.Null(Restored());
        Assert.Equal(file, Assert.Single(broken));
    }

    [Fact]
    public void No_run_is_given_the_checkpoint_of_another_one_of_its_cell()
    {
        var journal = Journal();
        Assert.False(journal.TryRestore("run", (_, _) => { }));
        Checkpoint(journal, 1);
        Assert.Contains("got 'run' twice", Assert.Throws<InvalidOperationException>(
            () => journal.TryRestore("run", (_, _) => { })).Message, StringComparison.Ordinal);
        Assert.False(journal.TryRestore("another", (_, _) => { }));
    }

    [Fact]
    public void A_limit_with_its_error_has_the_same_bits_with_a_journal_and_from_it()
    {
        var limit = new ParticleLimit(Small.Regression());
        var expected = Certifier.Solve(limit, new());
        for (var n = 0; n < 2; n++)
        {
            var solution = Certifier.Solve(limit, new() { Journal = Journal() });
            Assert.Equal(expected.Error, solution.Error);
            Assert.Equal(expected.Trajectory.Train, solution.Trajectory.Train);
            Assert.Equal(expected.Trajectory.Predictions.SelectMany(p => p),
                solution.Trajectory.Predictions.SelectMany(p => p));
            Assert.Equal(expected.Trained.Result.State, solution.Trained.Result.State);
        }
        Assert.Empty(broken);
    }

    [Fact]
    public void Without_a_journal_everything_is_done_at_once()
    {
        IJournal none = new NoJournal();
        Assert.Equal((1, 2), (none.Once("a", () => 1), none.Once("a", () => 2)));
        none.Checkpoint("a", _ => throw new InvalidOperationException());
        none.CheckpointNow("a", _ => throw new InvalidOperationException());
        Assert.False(none.TryRestore("a", (_, _) => throw new InvalidOperationException()));
    }

    private static void Checkpoint(CellJournal journal, byte value) => journal.Checkpoint("run", s => s.WriteByte(value));

    private int? Restored()
    {
        int? found = null;
        return Journal().TryRestore("run", (s, _) => found = s.ReadByte()) == found.HasValue ? found
            : throw new InvalidOperationException();
    }
}
