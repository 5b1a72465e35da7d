namespace MeanFieldLimit.Solvers.Transport;

/// <summary>Passes over a grid, all by logarithms: they never underflow, whatever eps.</summary>
internal sealed class GridPass(GridSoftMinimum cost, double[] a, double[] b) : IEntropicPass
{
    private readonly double[] fromSource = new double[a.Length], fromTarget = new double[b.Length];
    private readonly double[] softSource = new double[a.Length], softTarget = new double[b.Length];
    private double epsilon;
    private double[] f = [], g = [], next = [];

    public double Range => cost.Range;

    public void Evaluate(double epsilon, double[] g, double[] f, double[] next)
    {
        (this.epsilon, this.f, this.g, this.next) = (epsilon, f, g, next);
        for (var j = 0; j < b.Length; j++) fromTarget[j] = Weighted(g[j], b[j], 1);
        cost.Reduce(epsilon, fromTarget, f);
        for (var i = 0; i < a.Length; i++) fromSource[i] = Weighted(f[i], a[i], 1);
        cost.Reduce(epsilon, fromSource, next);
    }

    // P v for positive v is a soft minimum with log v added, and v = (v + shift) - shift.
    public void Multiply(double[] x, double[] result)
    {
        var shift = Shift(x);
        for (var j = 0; j < b.Length; j++) fromTarget[j] = Weighted(g[j], b[j], x[j] + shift);
        cost.Reduce(epsilon, fromTarget, softSource);
        for (var i = 0; i < a.Length; i++)
            softSource[i] = a[i] > 0 ? Math.Exp((f[i] - softSource[i]) / epsilon) - shift : 0;
        var second = Shift(softSource);
        for (var i = 0; i < a.Length; i++) fromSource[i] = Weighted(f[i], a[i], softSource[i] + second);
        cost.Reduce(epsilon, fromSource, softTarget);
        for (var j = 0; j < b.Length; j++)
            result[j] = b[j] > 0
                ? b[j] * (Math.Exp((g[j] - softTarget[j]) / epsilon) - second * Math.Exp((g[j] - next[j]) / epsilon))
                : 0;
    }

    private static double Shift(double[] values)
    {
        var largest = double.Epsilon;
        foreach (var v in values) largest = Math.Max(largest, Math.Abs(v));
        return 2 * largest;
    }

    private double Weighted(double potential, double mass, double factor) =>
        mass > 0 ? potential + epsilon * (Math.Log(mass) + Math.Log(factor)) : double.NegativeInfinity;
}
