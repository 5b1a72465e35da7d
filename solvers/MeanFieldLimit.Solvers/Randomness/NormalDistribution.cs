using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Randomness;

/// <summary>
/// The quantile function of N(0, 1), relative accuracy about 1e-15: three rational functions, one of
/// <c>(u - 1/2)^2</c> where <c>|u - 1/2| &lt;= 0.425</c>, two of <c>sqrt(-log min(u, 1 - u))</c> beyond.
/// M. J. Wichura, Algorithm AS 241 (PPND16): the percentage points of the normal distribution, Applied Statistics
/// 37, 477-484 (1988); the coefficients are those of the paper.
/// </summary>
public static class NormalDistribution
{
    private const double CentralHalfWidth = 0.425, CentralShift = 0.180625;
    private const double MiddleEnd = 5, MiddleShift = 1.6;

    // Highest power first, as Horner's rule takes them.
    private static ReadOnlySpan<double> CentralTop =>
    [
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
    ];

    private static ReadOnlySpan<double> CentralBottom =>
    [
        5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
        5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1,
    ];

    private static ReadOnlySpan<double> MiddleTop =>
    [
        7.74545014278341407640e-4, 0.0227238449892691845833, 0.241780725177450611770, 1.27045825245236838258,
        3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
    ];

    private static ReadOnlySpan<double> MiddleBottom =>
    [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 0.0151986665636164571966, 0.148103976427480074590,
        0.689767334985100004550, 1.67638483018380384940, 2.05319162663775882187, 1,
    ];

    private static ReadOnlySpan<double> FarTop =>
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.00124266094738807843860, 0.0265321895265761230930,
        0.296560571828504891230, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
    ];

    private static ReadOnlySpan<double> FarBottom =>
    [
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        0.0148753612908506148525, 0.136929880922735805310, 0.599832206555887937690, 1,
    ];

    /// <summary>
    /// <c>x</c> with <c>P(N(0,1) &lt;= x) = u</c>; -infinity at 0, +infinity at 1, NaN outside [0, 1].
    /// </summary>
    public static double Quantile(double u)
    {
        var q = u - 0.5;
        if (!(Math.Abs(q) <= CentralHalfWidth))
            return Tail(u);
        var r = Math.FusedMultiplyAdd(-q, q, CentralShift);
        return q * Horner(CentralTop, r) / Horner(CentralBottom, r);
    }

    /// <summary><c>destination[j] = Quantile(u[j])</c>, bit for bit; the two may be the same span.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantile(ReadOnlySpan<double> u, Span<double> destination)
    {
        if (u.Length != destination.Length)
            throw new ArgumentException(
                $"the spans must have one length, got {u.Length} and {destination.Length}: slice the destination",
                nameof(destination));
        var j = 0;
        for (; j <= u.Length - Vector512<double>.Count; j += Vector512<double>.Count)
        {
            var p = Vector512.Create(u[j..]);
            var q = p - Vector512.Create(0.5);
            var r = Vector512.FusedMultiplyAdd(-q, q, Vector512.Create(CentralShift));
            (q * Horner(CentralTop, r) / Horner(CentralBottom, r)).CopyTo(destination[j..]);

            // 15 % of the lanes are tails: finished one by one.
            var central = Vector512.LessThanOrEqual(Vector512.Abs(q), Vector512.Create(CentralHalfWidth));
            for (var tails = (~central).ExtractMostSignificantBits(); tails != 0; tails &= tails - 1)
            {
                var lane = BitOperations.TrailingZeroCount(tails);
                destination[j + lane] = Tail(p[lane]);
            }
        }

        for (; j < u.Length; j++)
            destination[j] = Quantile(u[j]);
    }

    private static double Tail(double u)
    {
        var r = Math.Sqrt(-Math.Log(u < 0.5 ? u : 1 - u));
        double x;
        if (r <= MiddleEnd)
            x = Horner(MiddleTop, r - MiddleShift) / Horner(MiddleBottom, r - MiddleShift);
        else if (double.IsPositiveInfinity(r))
            x = r;
        else
            x = Horner(FarTop, r - MiddleEnd) / Horner(FarBottom, r - MiddleEnd);
        return u < 0.5 ? -x : x;
    }

    // Fused in both forms: the same roundings, hence the same bits.
    private static double Horner(ReadOnlySpan<double> coefficients, double x)
    {
        var sum = coefficients[0];
        for (var k = 1; k < coefficients.Length; k++)
            sum = Math.FusedMultiplyAdd(sum, x, coefficients[k]);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<double> Horner(ReadOnlySpan<double> coefficients, Vector512<double> x)
    {
        var sum = Vector512.Create(coefficients[0]);
        for (var k = 1; k < coefficients.Length; k++)
            sum = Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(coefficients[k]));
        return sum;
    }
}
