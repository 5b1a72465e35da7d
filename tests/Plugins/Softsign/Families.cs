using System.ComponentModel;
using MeanFieldLimit;
using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Quadrature;
using MeanFieldLimit.Solvers.Randomness;

/// <summary>l = sum_k log cosh(yhat_k - y_k).</summary>
public sealed class LogCosh : ILoss
{
    public string Name => "log-cosh";

    public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var k = 0; k < y.Length; k++) sum += Math.Log(Math.Cosh(yhat[k] - y[k]));
        return sum;
    }

    public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient)
    {
        for (var k = 0; k < y.Length; k++) gradient[k] = Math.Tanh(yhat[k] - y[k]);
    }
}

/// <summary>phi(w, b, h) = w s(h) + b, by the one that there is.</summary>
public sealed class SameSum : IInteraction
{
    private static IInteraction Sum => Catalogue.Find<IInteraction>("weighted-sum");

    public string Name => "same-sum";

    public void Forward(in Pairs pairs, MatrixView above) => Sum.Forward(pairs, above);

    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below) => Sum.Backward(pairs, d, below);

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw) =>
        Sum.AddWeightVelocity(pairs, d, rate, keep, dw);
}

/// <summary>xi(t) = e^(-t / time).</summary>
[Kind("exponential"), Description("e^(-t / time).")]
public sealed record ExponentialRate : ScheduleSpec
{
    [Description("The time in which it falls to 1/e."), Positive]
    public required double Time { get; init; }

    public override ISchedule Build() => new Exponential(Time);

    private sealed record Exponential(double Time) : ISchedule
    {
        public double At(double t) => Math.Exp(-t / Time);
    }
}

/// <summary>The density 1 - |x| on [-1, 1].</summary>
[Kind("triangle"), Description("Density 1 - |x|.")]
public sealed record TriangleLaw : LawSpec
{
    public override ILaw Build() => new Triangle();

    private sealed record Triangle : ILaw
    {
        public double Mean => 0;

        public double StandardDeviation => Math.Sqrt(1.0 / 6);

        public double Quantile(double u) => u < 0.5 ? Math.Sqrt(2 * u) - 1 : 1 - Math.Sqrt(2 * (1 - u));

        public int GaussNodes(int requested) => requested;

        public GaussRule Gauss(int requested)
        {
            var fine = GaussRule.Legendre(200);
            double[] points = [.. fine.Nodes.Select(x => (x - 1) / 2), .. fine.Nodes.Select(x => (x + 1) / 2)];
            double[] halves = [.. fine.Weights, .. fine.Weights];
            return GaussRule.Of(new(1, points, [.. points.Zip(halves, (x, w) => w * (1 - Math.Abs(x)))]), requested);
        }
    }
}

/// <summary>Equal masses on the quantiles (i + 1/2) / n of each coordinate.</summary>
[Kind("midpoints"), Description("Equal masses on a grid of quantiles.")]
public sealed record MidpointSpec : RuleSpec
{
    [Description("Nodes in every coordinate."), AtLeast(1)]
    public required int Nodes { get; init; }

    protected override int Size { get => Nodes; init => Nodes = value; }

    public override IQuadratureRule Build(RandomStream stream) => new Midpoints(Nodes);

    private sealed record Midpoints(int Each) : IQuadratureRule
    {
        public long CountNodes(IReadOnlyList<ILaw> laws) =>
            laws.Aggregate(1L, (n, law) => n * (law.StandardDeviation > 0 ? Each : 1));

        public Nodes Discretise(IReadOnlyList<ILaw> laws)
        {
            double[][] all = [[]];
            foreach (var law in laws)
            {
                var n = law.StandardDeviation > 0 ? Each : 1;
                all = [.. all.SelectMany(at =>
                    Enumerable.Range(0, n).Select(i => (double[])[.. at, law.Quantile((i + 0.5) / n)]))];
            }
            return new(laws.Count, [.. all.SelectMany(at => at)], [.. all.Select(_ => 1.0 / all.Length)]);
        }
    }
}

/// <summary>The points i/n of a parabola.</summary>
[Kind("parabola"), Description("Points on y = x^2.")]
public sealed record ParabolaData : DataSpec, ISuppliedData
{
    [Description("How many."), AtLeast(1)]
    public required int Points { get; init; }

    public Dataset Supply(string folder, LabelKind labels)
    {
        double[] x = [.. Enumerable.Range(0, Points).Select(i => (double)i / Points)];
        return new(1, 1, x, [.. x.Select(v => v * v)], labels);
    }
}
