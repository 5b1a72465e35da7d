namespace MeanFieldLimit.Solvers.Tests.Matrices;

/// <summary>Products by taps against sums written out, in every length of vectors and either precision.</summary>
public class TapProductTests
{
    private const int Padding = 3;

    private static readonly Dictionary<string, TapTable> Tables = new()
    {
        ["3 x 3 in 5 x 6, zeros"] = Windows((5, 6), 3, stride: 1, pad: 1, circular: false),
        ["3 x 3 in 7 x 5, stride 2"] = Windows((7, 5), 3, stride: 2, pad: 1, circular: false),
        ["3 x 3 in 4 x 4, circular"] = Windows((4, 4), 3, stride: 1, pad: 1, circular: true),
        ["5 x 5 in 3 x 3, circular: rows are read twice under one tap"] = Windows((3, 3), 5, stride: 1, pad: 4, circular: true),
        ["2 x 2 in 5 x 5, stride 3: rows are read by none"] = Windows((5, 5), 2, stride: 3, pad: 0, circular: false),
        ["3 x 3 in 14 x 14, zeros"] = Windows((14, 14), 3, stride: 1, pad: 1, circular: false),
        ["nothing is read"] = new(2, 1, 3, [-1, -1]),
        ["two rows"] = new(2, 3, 3, [0, 1, 2, -1, 0, 1]),
        ["all of 5 x 5"] = new(1, 25, 25, [.. Enumerable.Range(0, 25)]),
        ["all of 3 x 4"] = new(1, 12, 12, [.. Enumerable.Range(0, 12)]),
        ["a row that reads nothing"] = new(3, 2, 4, [2, -1, -1, -1, 0, 2]),
    };

    public static TheoryData<string, int, int, int> Cases()
    {
        var cases = new TheoryData<string, int, int, int>();
        foreach (var table in Tables.Keys.Except(["3 x 3 in 14 x 14, zeros"]))
            foreach (var (images, below, above) in new[] { (1, 1, 1), (3, 5, 30), (7, 13, 12), (2, 40, 26) })
                cases.Add(table, images, below, above);
        // Terms of a tap in two stacks, several blocks of stacks, columns in two blocks, images in several groups.
        cases.Add("two rows", 2, 1100, 5);
        cases.Add("two rows", 18, 300, 150);
        cases.Add("2 x 2 in 5 x 5, stride 3: rows are read by none", 2, 7, 150);
        cases.Add("3 x 3 in 14 x 14, zeros", 9, 24, 10);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sums_are_those_written_out(string name, int images, int below, int above) =>
        new TapCase(Tables[name], images, below, above, Padding).Check();

    [Fact]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        foreach (var table in Tables.Values)
            foreach (var images in new[] { 1, 2, 30 })
            {
                var x = new TapCase(table, images, 24, 60, 0);
                foreach (var precision in Enum.GetValues<Precision>())
                {
                    var expected = Bits(1, precision);
                    foreach (var threads in new[] { 2, 3, 7 }) Assert.True(expected.AsSpan().SequenceEqual(Bits(threads, precision)));
                }

                long[] Bits(int threads, Precision precision) =>
                    [.. x.All(new(threads, precision, 256)).SelectMany(c => c).Select(BitConverter.DoubleToInt64Bits)];
            }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var table = Tables["all of 3 x 4"];
        var engine = new ManagedEngine(1);
        var numbers = new double[1000];
        Multiply("w", weights: 23);
        Multiply("c", columns: 4);
        Multiply("p", masses: 1);
        Multiply("f", biases: 2);
        Multiply("a", channels: 3);
        Multiply(null, data: 47);
        Refused("parts", () => engine.MultiplyTransposed(table, Images.ByRow(numbers, 12, 2, 0, 2), new(numbers, 2, 3), 3, numbers));
        Refused("g", () => engine.MultiplyTransposed(table, Images.ByRow(numbers, 12, 2, 0, 2), new(numbers, 2, 3), 2, numbers));
        Refused("sources", () => _ = new TapTable(1, 2, 4, [0, 4]));
        Refused("sources", () => _ = new TapTable(2, 2, 4, [0, 1, 2]));

        void Multiply(string? refused, int weights = 24, int columns = 3, int masses = 2, int biases = 3, int channels = 2,
            int data = 48) => Refused(refused, () => engine.Multiply(table, Images.ByRow(numbers.AsSpan(0, data), 12, 2, 0, channels),
                numbers.AsSpan(0, masses), new(numbers, weights, 3), new(numbers, 1, biases), new(numbers, 2, columns)));

        static void Refused(string? what, Action act) => Assert.Equal(what, Assert.Throws<ArgumentException>(act).ParamName);
    }

    /// <summary>Square windows over an image, written out.</summary>
    private static TapTable Windows((int Rows, int Columns) image, int size, int stride, int pad, bool circular)
    {
        int Fit(int length) => (length + 2 * pad - size) / stride + 1;
        var sources = new List<int>();
        for (var y = 0; y < Fit(image.Rows); y++)
            for (var x = 0; x < Fit(image.Columns); x++)
                for (var dy = 0; dy < size; dy++)
                    for (var dx = 0; dx < size; dx++)
                    {
                        var (row, column) = (y * stride + dy - pad, x * stride + dx - pad);
                        if (circular)
                            (row, column) = ((row + pad * image.Rows) % image.Rows, (column + pad * image.Columns) % image.Columns);
                        sources.Add(row < 0 || column < 0 || row >= image.Rows || column >= image.Columns ? -1
                            : row * image.Columns + column);
                    }
        return new(sources.Count / size / size, size * size, image.Rows * image.Columns, [.. sources]);
    }
}
