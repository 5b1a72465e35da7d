using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Lazy;
using MeanFieldLimit.Validation.Studies.Planes;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>What is measured of networks is a mean over the law of the data, however points carry it.</summary>
public class MeasuredKernelTests
{
    private static readonly double[][] X = [[1.2, 0.3], [0.4, 1.1], [-0.9, 0.8]], Y = [[1], [-1], [1]];

    private static readonly Model Repeated = Of(new() { X = [X[0], X[1], X[1], X[2]], Y = [Y[0], Y[1], Y[1], Y[2]] }),
        Massive = Of(new() { X = X, Y = Y, Masses = [1, 2, 1] });

    [Fact]
    public void A_point_of_twice_the_mass_counts_as_two_points_in_the_plane()
    {
        var expected = PlaneMeasurement.Of(Repeated, 8, 2, new ManagedEngine(1));
        var actual = PlaneMeasurement.Of(Massive, 8, 2, new ManagedEngine(1));
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-12 * Math.Abs(p.First)));
    }

    [Fact]
    public void And_in_movements()
    {
        var (expected, actual) = (Train(Repeated), Train(Massive));
        Assert.Equal(expected.Movement.Weights, actual.Movement.Weights, 1e-12);
        Assert.Equal(expected.Movement.Kernel, actual.Movement.Kernel, 1e-12);
        Assert.Equal(expected.Trained.Trajectory.RmsChange, actual.Trained.Trajectory.RmsChange, 1e-12);

        static MovedNetwork Train(Model model) => MovedNetwork.Train(model, new(), 8, 2, "run");
    }

    [Fact]
    public void Kernels_are_taken_at_64_points_at_most()
    {
        double[][] x = [.. Enumerable.Range(0, 100).Select(n => new[] { Math.Sin(n), Math.Cos(n) })];
        var model = Of(new() { X = x, Y = [.. x.Select(_ => Y[0])] });
        Assert.Equal(64 * 64, MeasuredKernel.Of(model.Sample([5], 0), model.Sample([5], 0).State, model.Data.Train,
            [1, 1], new ManagedEngine(1)).Length);
    }

    private static Model Of(PointsData data) =>
        Model.Build(Examples.Read("plane").Problem with { Data = data, Couple = new() { Widths = [8], Seeds = 1 } });
}
