using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Functions;

/// <summary>
/// Functions of every value of a span: y_j depends on x_j alone, not on its neighbours, on the length of the spans or
/// on where they lie in memory. Spans have one length and are equal or do not overlap.
/// </summary>
/// <remarks>
/// TensorPrimitives (System.Numerics.Tensors 11.0.0) computes a whole vector anew, one value at a time and with other
/// bits, where one of its values is beyond a bound: which values share a vector depends on the address of the array, so
/// that fresh processes differ. It treats spans shorter than a vector so too. Measured: Exp and Sigmoid beyond 708, with
/// each of the three vector lengths, none for Log and for arithmetic. Sin and Cos have such a bound
/// at pi/4: no array keeps within it, and Math.Sin and Math.Cos are to be taken. Here values beyond a bound are
/// computed apart; all others keep the bits of the vectors.
/// </remarks>
public static class Elementwise
{
    private const int Block = 512;

    // The longest vector: from here on spans are computed by vectors.
    private const int Least = 8;

    /// <summary>y = e^x.</summary>
    public static void Exp(ReadOnlySpan<double> x, Span<double> y) => Map<Exponential>(x, y);

    /// <summary>y = log x.</summary>
    public static void Log(ReadOnlySpan<double> x, Span<double> y) => Map<Logarithm>(x, y);

    /// <summary>y = tanh x, to 2 units in the last place for every x.</summary>
    public static void Tanh(ReadOnlySpan<double> x, Span<double> y) => HyperbolicTangent.Of(x, y);

    /// <summary>y = 1 - s^2, the derivative of tanh where it is s.</summary>
    public static void TanhSlope(ReadOnlySpan<double> s, Span<double> y) => HyperbolicTangent.Slope(s, y);

    /// <summary>y = 1 / (1 + e^-x).</summary>
    public static void Sigmoid(ReadOnlySpan<double> x, Span<double> y) => Map<LogisticFunction>(x, y);

    /// <summary>
    /// The angle in [0, pi] of the point (x, y), y >= 0 and x finite, to 3 units in the last place; 0 at the origin.
    /// </summary>
    public static void Angle(ReadOnlySpan<double> y, ReadOnlySpan<double> x, Span<double> angle) =>
        PolarAngle.Of(y, x, angle);

    private static void Map<F>(ReadOnlySpan<double> x, Span<double> y) where F : IFunction
    {
        for (var from = 0; from < x.Length; from += Block)
        {
            var length = Math.Min(Block, x.Length - from);
            var values = x.Slice(from, length);
            var results = y.Slice(from, length);
            // NaN is the largest of all there.
            var within = length >= Least && Math.Abs(TensorPrimitives.MaxMagnitude(values)) <= F.Bound;
            if (within) F.Vectors(values, results);
            else Apart<F>(values, results);
        }
    }

    private static void Apart<F>(ReadOnlySpan<double> x, Span<double> y) where F : IFunction
    {
        Span<double> within = stackalloc double[Math.Max(Least, x.Length)];
        within.Clear();
        for (var j = 0; j < x.Length; j++)
            if (Math.Abs(x[j]) <= F.Bound) within[j] = x[j];
        F.Vectors(within, within);
        for (var j = 0; j < x.Length; j++) y[j] = Math.Abs(x[j]) <= F.Bound ? within[j] : F.Value(x[j]);
    }

    private interface IFunction
    {
        /// <summary>Vectors whose values are all of at most this size are computed as vectors.</summary>
        static abstract double Bound { get; }

        static abstract void Vectors(ReadOnlySpan<double> x, Span<double> y);

        /// <summary>The function beyond the bound, and of NaN.</summary>
        static abstract double Value(double x);
    }

    private readonly struct Exponential : IFunction
    {
        public static double Bound => 708;
        public static void Vectors(ReadOnlySpan<double> x, Span<double> y) => TensorPrimitives.Exp(x, y);
        public static double Value(double x) => Math.Exp(x);
    }

    private readonly struct Logarithm : IFunction
    {
        public static double Bound => double.PositiveInfinity;
        public static void Vectors(ReadOnlySpan<double> x, Span<double> y) => TensorPrimitives.Log(x, y);
        public static double Value(double x) => Math.Log(x);
    }

    private readonly struct LogisticFunction : IFunction
    {
        public static double Bound => 708;
        public static void Vectors(ReadOnlySpan<double> x, Span<double> y) => TensorPrimitives.Sigmoid(x, y);
        public static double Value(double x) => 1 / (1 + Math.Exp(-x));
    }
}
