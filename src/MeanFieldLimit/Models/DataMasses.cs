using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>Masses that come with the points of a problem.</summary>
internal static class DataMasses
{
    /// <summary>
    /// The points with masses divided by their sum, those of mass 0 left out: they belong to no law, and could be
    /// neither drawn nor weighed. Masses that are all equal are the same as none.
    /// </summary>
    /// <exception cref="ProblemException">No mass is positive, or their sum overflows.</exception>
    internal static Dataset Weigh(LoadedProblem loaded, Dataset points, IReadOnlyList<double> masses,
        out double sum)
    {
        var total = sum = masses.Sum();
        if (!(total > 0 && double.IsFinite(total)))
            throw loaded.Error("$.data.masses", $"masses must have a positive, finite sum, got {Number.Text(total)}; " +
                "give a point a positive mass, or scale them down");
        double[] shares = [.. masses.Select(m => m / total)];
        int[] kept = [.. Enumerable.Range(0, points.Count).Where(n => shares[n] > 0)];
        var all = kept.Length == points.Count ? points : points.Select(kept);
        return new(all.Inputs, all.Outputs, all.X, all.Y, all.Labels,
            kept.All(n => shares[n] == shares[kept[0]]) ? null : [.. kept.Select(n => shares[n])]);
    }
}
