using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>A mean over random directions with its standard error.</summary>
/// <param name="Power">p.</param>
/// <param name="Cost">The mean of W_p^p over the directions.</param>
/// <param name="StandardError">Of Cost, s / sqrt(directions): what other directions would change.</param>
public readonly record struct SlicedDistance(double Power, double Cost, double StandardError)
{
    /// <summary>Cost^(1/p).</summary>
    public double Distance => Math.Pow(Cost, 1 / Power);

    /// <summary>The standard error of Distance, to first order.</summary>
    public double DistanceError => Cost == 0 ? 0 : Distance / (Power * Cost) * StandardError;
}

/// <summary>
/// The sliced distance SW_p^p = E_theta W_p^p(theta . mu, theta . nu), theta uniform on the unit sphere (Bonneel,
/// Rabin, Peyre and Pfister 2015): O(n log n) per direction, and SW_p &lt;= W_p.
/// </summary>
public static class WassersteinSliced
{
    /// <summary>The mean over random directions.</summary>
    /// <param name="source">mu.</param>
    /// <param name="target">nu, of the same dimension.</param>
    /// <param name="directions">How many, at least 2.</param>
    /// <param name="random">Direction k takes the draws k d, ..., k d + d - 1.</param>
    /// <param name="p">At least 1.</param>
    /// <exception cref="ArgumentException">p is below 1, there are fewer than 2 directions or the dimensions differ.
    /// </exception>
    public static SlicedDistance Between(
        DiscreteMeasure source, DiscreteMeasure target, int directions, RandomStream random, double p = 2)
    {
        TransportArguments.Power(p);
        TransportArguments.SameDimension(source, target);
        if (directions < 2)
            throw new ArgumentOutOfRangeException(nameof(directions), directions,
                $"directions must be at least 2, got {directions}: one has no standard error");
        TransportArguments.Extent(source.Dimension, source.Points, target.Points, p);
        double[] costs = new double[directions], longest = new double[directions];
        Parallel.For(0, directions, k =>
        {
            var theta = Direction(random, k, source.Dimension);
            (costs[k], longest[k]) = WassersteinLine.Cost(
                Project(source, theta), source.Masses, Project(target, theta), target.Masses, p);
        });
        var mean = costs.Average();
        TransportArguments.NotVanished(mean, p, longest.Max());
        var variance = costs.Sum(c => (c - mean) * (c - mean)) / (directions - 1);
        return new(p, mean, Math.Sqrt(variance / directions));
    }

    private static double[] Direction(RandomStream random, int k, int dimension)
    {
        var theta = new double[dimension];
        random.FillNormal((ulong)k * (ulong)dimension, theta);
        var norm = TensorPrimitives.Norm<double>(theta);
        TensorPrimitives.Divide(theta, norm, theta);
        return theta;
    }

    private static double[] Project(DiscreteMeasure measure, double[] theta)
    {
        var d = theta.Length;
        var projected = new double[measure.Count];
        for (var i = 0; i < projected.Length; i++)
            projected[i] = TensorPrimitives.Dot(measure.Points.AsSpan(i * d, d), theta);
        return projected;
    }
}
