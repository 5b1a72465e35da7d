using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>
/// min 1/2 z' H z + b' z over z >= 0, sum z &lt;= mass, H positive definite: the active-set method of Lawson and Hanson
/// (1974), with what is left of the mass as one more variable.
/// </summary>
internal sealed class SimplexQuadratic
{
    private const double Rounding = 1e-15;

    private readonly int n;
    private readonly double[] h, b, z;
    private readonly double mass;
    private readonly bool[] free;       // the last one is what is left of the mass

    private SimplexQuadratic(double[] h, double[] b, double mass, double[] z)
    {
        (n, this.h, this.b, this.mass, this.z) = (b.Length, h, b, mass, z);
        free = [.. z.Select(v => v > 0), mass - z.Sum() > Rounding * mass];
        if (!free.Contains(true)) free[n] = true;
    }

    /// <summary>z = the minimiser; it starts at z, which keeps the constraints.</summary>
    /// <param name="h">H [n, n].</param>
    /// <param name="b">b [n].</param>
    /// <param name="mass">The most that z may sum to.</param>
    /// <param name="z">z [n].</param>
    internal static void Minimise(double[] h, double[] b, double mass, double[] z) =>
        new SimplexQuadratic(h, b, mass, z).Run();

    private void Run()
    {
        // Roundings can send a variable back to 0 as soon as it is free: it stays there until another one has moved.
        HashSet<int> back = [];
        var added = -1;
        // In exact arithmetic it ends by itself: no set of free variables comes twice.
        for (var round = 0; round < 20 * (n + 1); round++)
        {
            if (Solve() is not var (target, multiplier)) return;
            if (Blocked(target, out var share) is >= 0 and var blocked)
            {
                if (blocked == added && share == 0) back.Add(added);
                else back.Clear();
                for (var i = 0; i < n; i++)
                    if (free[i]) z[i] = Math.Max(0, z[i] + share * (target[i] - z[i]));
                free[blocked] = false;
                if (blocked < n) z[blocked] = 0;
                continue;
            }
            target.CopyTo(z, 0);
            if ((added = Steepest(multiplier, back)) < 0) return;
            free[added] = true;
        }
    }

    /// <summary>The minimiser over the free variables, and their common slope.</summary>
    private (double[] Target, double Multiplier)? Solve()
    {
        int[] at = [.. Enumerable.Range(0, n).Where(i => free[i])];
        var lu = new DenseLu(at.Length);
        for (var i = 0; i < at.Length; i++)
            for (var j = 0; j < at.Length; j++) lu.Matrix[i * at.Length + j] = h[at[i] * n + at[j]];
        if (!lu.Factor()) return null;
        double[] alone = [.. at.Select(i => -b[i])], equal = [.. at.Select(_ => 1.0)];
        lu.Solve(alone);
        lu.Solve(equal);
        var multiplier = free[n] || at.Length == 0 ? 0 : (mass - alone.Sum()) / equal.Sum();
        var target = new double[n];
        for (var k = 0; k < at.Length; k++) target[at[k]] = alone[k] + multiplier * equal[k];
        return target.All(double.IsFinite) ? (target, multiplier) : null;
    }

    /// <summary>The variable that ends the way to the target, after a share of it; -1 for none.</summary>
    private int Blocked(double[] target, out double share)
    {
        var blocked = -1;
        share = 1;
        for (var i = 0; i <= n; i++)
        {
            var (from, to) = i < n ? (z[i], target[i]) : (Math.Max(0, mass - z.Sum()), mass - target.Sum());
            if (!free[i] || to > 0 || (i == n && to >= -Rounding * mass)) continue;
            var part = from <= 0 ? 0 : from / (from - to);
            if (part < share || blocked < 0) (blocked, share) = (i, part);
        }
        return blocked;
    }

    /// <summary>The variable at 0 along which the function falls most, or -1.</summary>
    private int Steepest(double multiplier, HashSet<int> back)
    {
        var (steepest, least) = (-1, 0.0);
        for (var i = 0; i <= n; i++)
        {
            if (free[i] || back.Contains(i)) continue;
            var (product, size) = i == n ? (0.0, 0.0) : (TensorPrimitives.Dot<double>(h.AsSpan(i * n, n), z),
                Math.Abs(b[i]));
            var slope = product + (i == n ? 0 : b[i]) - multiplier;
            if (slope < least - Rounding * (size + Math.Abs(multiplier))) (steepest, least) = (i, slope);
        }
        return steepest;
    }
}
