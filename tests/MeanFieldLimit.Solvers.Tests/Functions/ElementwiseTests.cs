using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Tests.Functions;

public class ElementwiseTests
{
    private static readonly (string Name, Map Function, Func<double, double> Value)[] All =
    [
        ("exp", Elementwise.Exp, Math.Exp), ("log", Elementwise.Log, Math.Log), ("tanh", Elementwise.Tanh, Math.Tanh),
        ("sigmoid", Elementwise.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        ("1 - s^2", Elementwise.TanhSlope, s => 1 - s * s),
    ];

    private delegate void Map(ReadOnlySpan<double> x, Span<double> y);

    public static TheoryData<string> Names => [.. All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_the_function_of_the_library_of_C_to_two_units_in_the_last_place(string name)
    {
        var (_, function, value) = All.Single(f => f.Name == name);
        var x = Mixed(5000);
        var y = new double[x.Length];
        function(x, y);
        for (var j = 0; j < x.Length; j++)
            if (double.IsNormal(value(x[j])))
                Assert.InRange(y[j] - value(x[j]), -4.5e-16 * Scale(j), 4.5e-16 * Scale(j));
            // Beyond the least normal number vectors round to 0 or to a neighbour; infinities and NaN are themselves.
            else if (Math.Abs(value(x[j])) < 1) Assert.InRange(Math.Abs(y[j]), 0, 2.3e-308);
            else Assert.Equal(value(x[j]), y[j]);

        double Scale(int j) => name == "sigmoid" ? 1 : Math.Abs(value(x[j]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_depends_on_its_argument_alone(string name)
    {
        var function = All.Single(f => f.Name == name).Function;
        var x = Mixed(2100);
        var whole = new double[x.Length];
        function(x, whole);
        var memory = GC.AllocateArray<double>(x.Length + 16, pinned: true);
        var random = new Random(2);
        for (var round = 0; round < 400; round++)
        {
            // A piece anywhere, short or long, computed in place anywhere in memory.
            var from = random.Next(x.Length);
            var length = 1 + random.Next(Math.Min(round % 2 == 0 ? 20 : x.Length, x.Length - from));
            var piece = memory.AsSpan(round % 8, length);
            x.AsSpan(from, length).CopyTo(piece);
            function(piece, piece);
            Assert.Equal(whole[from..(from + length)].Select(BitConverter.DoubleToInt64Bits),
                piece.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void Tanh_has_the_same_bits_with_vectors_of_any_length()
    {
        var x = Mixed(2100);
        double[] long512 = new double[x.Length], short256 = new double[x.Length];
        HyperbolicTangent.Of<Vector512<double>, Reals512>(x, long512);
        HyperbolicTangent.Of<Vector256<double>, Reals256>(x, short256);
        Assert.Equal(short256.Select(BitConverter.DoubleToInt64Bits), long512.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Angles_are_those_of_the_library_of_C_to_three_units_in_the_last_place()
    {
        var random = new Random(3);
        // Every direction, those along the axes and diagonals to some of the last bits, and points near nothing.
        double[] directions = [0, Math.PI / 8, Math.PI / 4, 3 * Math.PI / 8, Math.PI / 2, 3 * Math.PI / 4, Math.PI];
        (double X, double Y)[] special = [(0, 0), (-3, 0), (0, 2), (1e-300, 1e-300)];
        var points = Enumerable.Range(0, 5003).Select(k =>
        {
            var angle = k % 2 == 0 ? Math.PI * random.NextDouble()
                : directions[k % 7] + (random.NextDouble() - 0.5) * Math.Pow(10, -random.Next(17));
            var size = Math.Pow(10, random.Next(-200, 200));
            return (X: size * Math.Cos(angle), Y: Math.Abs(size * Math.Sin(angle)));
        }).Concat(special).ToArray();
        double[] x = [.. points.Select(p => p.X)], y = [.. points.Select(p => p.Y)], angles = new double[x.Length];
        Elementwise.Angle(y, x, angles);
        for (var j = 0; j < x.Length; j++)
        {
            var (angle, unit) = (Math.Atan2(y[j], x[j]), Math.BitIncrement(Math.Atan2(y[j], x[j])) - Math.Atan2(y[j], x[j]));
            Assert.InRange(angles[j] - angle, -3 * unit, 3 * unit);
        }
        // Each is that of its own point, wherever it stands among the others.
        var one = new double[1];
        for (var j = 0; j < x.Length; j++)
        {
            Elementwise.Angle(y.AsSpan(j, 1), x.AsSpan(j, 1), one);
            Assert.Equal(angles[j], one[0]);
        }
        Elementwise.Angle([double.NaN], [1], one);
        Assert.Equal(double.NaN, one[0]);
    }

    // Sizes about 1 with, here and there, some beyond every bound, some that are next to nothing, and no numbers.
    private static double[] Mixed(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * random.Next(14) switch
        {
            0 => 3000,
            1 => 1500,
            2 => 1e5,
            3 => 1e-300,
            4 => double.NaN,
            5 => double.PositiveInfinity,
            6 => double.NegativeInfinity,
            7 => 0,
            _ => 4.0,
        })];
    }
}
