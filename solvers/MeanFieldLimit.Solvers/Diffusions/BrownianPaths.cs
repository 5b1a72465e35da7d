using System.Numerics;
using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Paths of independent standard Brownian motions on the whole time axis, B(origin) = 0, each a pure function of the
/// stream and its own number: neither how many others there are nor the steps taken change a path. Increments over base
/// steps [origin + j h, origin + (j + 1) h] are independent normals; inside them the path is refined by Brownian
/// bridges, B(middle) = (B(a) + B(b))/2 + sqrt(b - a)/2 Z, to a depth of <see cref="Depth"/> halvings (Levy's
/// construction; Glasserman, Monte Carlo Methods in Financial Engineering, 2004, section 3.1).
/// </summary>
/// <remarks>
/// <para>Times are rounded to multiples of h / 2^<see cref="Depth"/> of which B is the value there: every method sees
/// one path, and sums of increments telescope; between times that are rounded to one it stands still.</para>
/// <para>Cost in normals a path: j for a step of j base steps; one a step in the mean for steps of h / 2^l taken in
/// order, for which l + 1 vectors of the paths' number are kept; up to 2 <see cref="Depth"/> for a step between
/// arbitrary times. Take a base step of which all steps to be compared are multiples or halvings, and over more than
/// 10^5 steps binary fractions of time: sums of others drift off the base steps by rounding.</para>
/// <para>What is kept only saves work, but an object serves one thread: another one of the same stream has the same
/// paths.</para>
/// </remarks>
public sealed class BrownianPaths : IBrownianMotion
{
    /// <summary>Halvings of the base step.</summary>
    public const int Depth = 20;

    private const long Ticks = 1L << Depth;

    // Base step j has a stream of its own; index node 2^32 + path in it is the path's normal at the node: 0 for the
    // increment over the step, 2^l + a for the middle of part a of 2^l.
    private const int NodeShift = 32;
    private const double MostBaseSteps = 1L << 32;

    private readonly RandomStream stream;
    private readonly double[]?[] branch = new double[Depth + 1][];      // increments over part[l], l < known
    private readonly long[] part = new long[Depth + 1];
    private int known;

    /// <summary>Paths.</summary>
    /// <param name="stream">Their draws. It is divided: draw nothing else from it.</param>
    /// <param name="paths">Their number.</param>
    /// <param name="baseStep">h in units of time.</param>
    /// <param name="origin">The time where B = 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, the step not positive, or a value not
    /// finite.</exception>
    public BrownianPaths(RandomStream stream, int paths, double baseStep, double origin = 0)
    {
        if (paths < 0)
            throw new ArgumentOutOfRangeException(nameof(paths),
                $"the number of paths must not be negative, got {paths}");
        if (!(baseStep > 0 && double.IsFinite(baseStep)))
            throw new ArgumentOutOfRangeException(nameof(baseStep),
                $"a base step must be positive and finite, got {baseStep}");
        if (!double.IsFinite(origin))
            throw new ArgumentOutOfRangeException(nameof(origin), $"the origin must be finite, got {origin}");
        (this.stream, Dimension, BaseStep, Origin) = (stream, paths, baseStep, origin);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>h.</summary>
    public double BaseStep { get; }

    /// <summary>Where B = 0.</summary>
    public double Origin { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The end lies before the start, or there are not as many increments as
    /// paths.</exception>
    public void Increments(double start, double end, Span<double> increments)
    {
        if (increments.Length != Dimension)
            throw new ArgumentException($"there are {Dimension} paths, got room for {increments.Length} increments");
        long from = Tick(start), to = Tick(end);
        if (end < start)
            throw new ArgumentException($"a step must not end before it starts, got [{start:R}, {end:R}]");
        if (from == to) increments.Clear();
        for (var at = from; at < to;)
        {
            // The largest part that begins here and ends in time.
            var height = Math.Min(Depth, Math.Min(BitOperations.TrailingZeroCount(at),
                BitOperations.Log2((ulong)(to - at))));
            var level = Depth - height;
            if (at == from && level == 0)
                Base(at >> height, increments);
            else if (at == from)
                Part(level, at >> height).CopyTo(increments);
            else
                TensorPrimitives.Add(increments, Part(level, at >> height), increments);
            at += 1L << height;
        }
    }

    /// <summary>
    /// Vectors of the paths' number that are kept after steps of <paramref name="baseStep"/> that end at these times as
    /// well, the origin being 0: none where all are whole base steps, l + 1 where parts h / 2^l meet them. (Roundings of
    /// more than 1e5 steps between times may part a last step all the same.)
    /// </summary>
    public static int Kept(double baseStep, IEnumerable<double> times)
    {
        var level = times.Select(t => Depth - BitOperations.TrailingZeroCount((long)Math.Round(t / baseStep * Ticks)))
            .DefaultIfEmpty().Max();
        return level > 0 ? level + 1 : 0;
    }

    private long Tick(double time)
    {
        var steps = (time - Origin) / BaseStep;
        return Math.Abs(steps) <= MostBaseSteps ? (long)Math.Round(steps * Ticks) : throw new ArgumentException(
            $"times must lie within 2^32 base steps of the origin {Origin}, got {time:R}: take a longer base step, "
            + "or an origin nearer to it");
    }

    private void Base(long j, Span<double> increments)
    {
        stream.Substream((ulong)j).FillNormal(0, increments);
        TensorPrimitives.Multiply(increments, Math.Sqrt(BaseStep), increments);
    }

    /// <summary>The increments over part <paramref name="index"/> of h / 2^<paramref name="level"/>.</summary>
    private ReadOnlySpan<double> Part(int level, long index)
    {
        for (var l = 0; l <= level; l++)
        {
            var wanted = index >> (level - l);
            if (l < known && part[l] == wanted) continue;
            var own = branch[l] ??= new double[Dimension];
            if (l == 0)
            {
                Base(wanted, own);
            }
            else
            {
                // A right half is always what the left one leaves of both, so that bits do not depend on what is kept.
                var parent = branch[l - 1]!;
                if (l >= known || part[l] != (wanted & ~1L)) LeftHalf(l, wanted >> 1, parent, own);
                if ((wanted & 1) == 1) TensorPrimitives.Subtract(parent, own, own);
            }
            part[l] = wanted;
            known = l + 1;
        }
        return branch[level];
    }

    private void LeftHalf(int level, long parentIndex, double[] parent, double[] left)
    {
        var parents = 1L << (level - 1);
        var node = parents + (parentIndex & (parents - 1));
        stream.Substream((ulong)(parentIndex >> (level - 1))).FillNormal((ulong)node << NodeShift, left);
        TensorPrimitives.Multiply(left, Math.Sqrt(BaseStep / parents) / 2, left);
        TensorPrimitives.MultiplyAdd(parent, 0.5, left, left);
    }
}
