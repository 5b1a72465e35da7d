using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Risks over directions and over bounded neurons against differences.</summary>
public class DirectionRiskTests
{
    private const double Length = 1.3, Step = 1e-6;

    private static readonly double[] Points = [0.3, 2.1, 4, 5.7], Masses = [1.5, -0.4, 0, 0.8];

    public static IEnumerable<object[]> Cases => [["tanh", "huber"], ["relu", "logistic"],
        .. Catalogue.All<IActivation>().Where(a => a.Curvature(1) is not null)
            .Select(a => new[] { a.Name, "half-squared" })];

    private static Model Build(string activation, string loss) => Model.Build(new()
    {
        Data = new PointsData
        {
            X = [[1.2, 0.3], [0.4, 1.1], [-0.9, 0.8], [-1.1, -0.6]],
            Y = [[1], [-1], [1], [-1]],
            Masses = [1, 2, 1, 0.5],
        },
        Network = new()
        {
            Layers =
            [
                new() { Weights = new GaussianLaw { Std = 1 }, Activation = activation },
                new() { Weights = new GaussianLaw { Std = 1 } },
            ],
        },
        Training = new() { Loss = loss, Time = 1 },
    });

    [Theory, MemberData(nameof(Cases))]
    public void Variations_and_gradients_are_those_of_the_value(string activation, string loss)
    {
        var risk = new DirectionRisk(Build(activation, loss), Length);
        CheckVariation(risk, Points);
        CheckGradient(risk, Points, Masses);
        var second = new double[16];
        risk.SecondVariation(Points, Masses, second);
        for (var j = 0; j < 4; j++)
        {
            double[] up = new double[4], down = new double[4];
            risk.FirstVariation(Points, Moved(Masses, j, Step), up);
            risk.FirstVariation(Points, Moved(Masses, j, -Step), down);
            for (var i = 0; i < 4; i++) Assert.Equal((up[i] - down[i]) / (2 * Step), second[4 * i + j], 1e-8);
        }
        var neurons = new BoundedNeurons(risk.Neurons, bound: 3, Length, price: 0.2);
        double[] angles = [0.3, 1, 2.1, 2, 4, 3, 5.7, 4], masses = [0.1, 0.2, 0.3, 0.4];
        CheckVariation(neurons, angles);
        CheckGradient(neurons, angles, masses);
    }

    /// <summary>By second differences of the first variation, between the breaks, where there are kinks.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void The_bend_bounds_the_curvature_of_the_first_variation(string activation, string loss)
    {
        var risk = new DirectionRisk(Build(activation, loss), Length);
        const double h = 1e-4;
        double[] at = [.. Enumerable.Range(0, 1000).Select(k => k * Math.Tau / 1000)
            .Where(a => risk.Breaks.All(b => Math.Abs(Math.IEEERemainder(a - b, Math.Tau)) > 2 * h))];
        double[] up = At(h), here = At(0), down = At(-h);
        var largest = here.Select((v, k) => Math.Abs(up[k] - 2 * v + down[k]) / (h * h)).Max();
        Assert.InRange(risk.Bend(Points, Masses), largest - 1e-6, double.MaxValue);
        Assert.Equal(activation is "relu" or "leaky-relu" ? 8 : 0, risk.Breaks.Count);

        double[] At(double shift)
        {
            double[] all = [.. Points, .. at.Select(a => a + shift)], variation = new double[all.Length];
            risk.FirstVariation(all, [.. Masses, .. new double[at.Length]], variation);
            return variation[4..];
        }
    }

    private static void CheckVariation(IFunctional risk, double[] points)
    {
        var variation = new double[4];
        risk.FirstVariation(points, Masses, variation);
        for (var i = 0; i < 4; i++)
            Assert.Equal((risk.Value(points, Moved(Masses, i, Step)) - risk.Value(points, Moved(Masses, i, -Step)))
                / (2 * Step), variation[i], 1e-8);
    }

    private static void CheckGradient(IFunctional risk, double[] points, double[] masses)
    {
        var gradient = new double[points.Length];
        risk.Gradient(points, masses, gradient);
        for (var k = 0; k < points.Length; k++)
            Assert.Equal((risk.Value(Moved(points, k, Step), masses) - risk.Value(Moved(points, k, -Step), masses))
                / (2 * Step), masses[k * 4 / points.Length] * gradient[k], 1e-8);
    }

    private static double[] Moved(double[] values, int index, double by)
    {
        double[] moved = [.. values];
        moved[index] += by;
        return moved;
    }
}
