namespace MeanFieldLimit.Data;

/// <summary>The expectation over data that drives the dynamics at a time: all of it, or a batch.</summary>
public interface IExpectation
{
    /// <summary>The points and masses that stand for P at a time; nodes of a quadrature may suit the state.</summary>
    Dataset At(double t, ReadOnlySpan<double> state);
}

/// <summary>E_P itself: the same data at all times. The dynamics are the gradient flow.</summary>
public sealed class FullExpectation(Dataset data) : IExpectation
{
    /// <inheritdoc/>
    public Dataset At(double t, ReadOnlySpan<double> state) => data;
}

/// <summary>
/// The mean over a batch drawn anew for every step: step k covers [k step, (k + 1) step) and draws points
/// k B, ..., (k + 1) B - 1 of its stream. Explicit Euler on this field is SGD.
/// </summary>
internal sealed class BatchExpectation(IDataSource source, RandomStream stream, double step, int count, Dataset like)
    : IExpectation
{
    private readonly Dataset batch = new(like.Inputs, like.Outputs,
        Arrays.New("the inputs of a batch", count, like.Inputs),
        Arrays.New("the labels of a batch", count, like.Outputs), like.Labels);
    private long drawn = -1;

    public Dataset At(double t, ReadOnlySpan<double> state)
    {
        var k = (long)Math.Round(t / step);
        if (k != drawn) source.Draw(stream, (ulong)(k * batch.Count), batch);
        drawn = k;
        return batch;
    }
}
