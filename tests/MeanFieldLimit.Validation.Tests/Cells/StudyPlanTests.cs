using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Cells;

/// <summary>Cells run in memory, without a folder.</summary>
public class StudyPlanTests
{
    private sealed record Number(double Value);

    private static Cell<Number> CellOf(string key, Func<CellContext, Number> work, params ICell[] needs) => new(key, 1, needs, work);

    [Fact]
    public void What_a_cell_throws_is_thrown_as_it_is()
    {
        var plan = new StudyPlan([CellOf("a", _ => new(1)), CellOf("b", _ => throw new InvalidDataException("b"))],
            _ => throw new NotSupportedException());
        Assert.Equal("b", Assert.Throws<InvalidDataException>(() => plan.Run(new() { Threads = 2 })).Message);
    }

    [Fact]
    public void What_needs_a_cell_that_failed_is_not_run_and_the_rest_is()
    {
        var a = CellOf("a", _ => throw new RunFailedException(new() { Status = RunStatus.NonFinite, Time = 3, State = [], Steps = 1, Refused = 0 }));
        var b = CellOf("b", c => throw new InvalidOperationException(), a);
        var c = CellOf("c", _ => new(2));
        var plan = new StudyPlan([b, a, c], done =>
        {
            Assert.Null(done.Find(b));
            Assert.Equal(("a", 3.0), (done.Failure(b)!.What, done.Failure(b)!.Run.Time));
            return new($"{done.Get(c).Value}", [], []);
        });
        Assert.Equal("2", plan.Run(new()).Headline);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Asked_to_stop_it_does(int threads)
    {
        using var stop = new CancellationTokenSource();
        var plan = new StudyPlan([CellOf("a", c =>
        {
            stop.Cancel();
            throw new RunFailedException(new() { Status = RunStatus.Cancelled, Time = 0, State = [], Steps = 0, Refused = 0 });
        })], _ => throw new NotSupportedException());
        Assert.ThrowsAny<OperationCanceledException>(() => plan.Run(new() { Threads = threads, Cancellation = stop.Token }));
        Assert.ThrowsAny<OperationCanceledException>(() => plan.Run(new() { Threads = threads, Cancellation = stop.Token }));
    }
}
