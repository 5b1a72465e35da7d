namespace MeanFieldLimit.Kernels;

/// <summary>Steps of any length of a kernel flow on a squared loss, without an error but that of rounding.</summary>
internal sealed class ExactFlow(KernelFlow flow, double[] labels, int dimension) : IStepper
{
    public int Dimension => dimension;

    public int ErrorOrder => 0;

    public long Evaluations { get; private set; }

    public string InWords => "closed form, by the eigenvectors of the kernel";

    public void Reset()
    {
    }

    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        Evaluations++;
        flow.Advance(step.Length, labels, state, next);
        error.Clear();
    }

    public void Carry(Snapshot snapshot)
    {
        var evaluations = Evaluations;
        snapshot.Tag("closed form");
        snapshot.Carry(ref evaluations);
        Evaluations = evaluations;
    }
}
