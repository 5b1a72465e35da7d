using System.Text.RegularExpressions;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Tests;

/// <summary>
/// Fresh processes lay arrays elsewhere in memory: nothing that computes may depend on that. Arrays start at multiples
/// of 8 bytes, vectors are of up to 64: eight places are all there are.
/// </summary>
public partial class SameBitsTests
{
    private const int Places = 8;

    // Every function of TensorPrimitives that the project may call, as it is called. Exp, Sin and most others that are
    // no arithmetic are not among them: see Elementwise.
    private static readonly Dictionary<string, Map> Safe = new()
    {
        ["Add"] = (x, y, to) => TensorPrimitives.Add(x, y, to),
        ["Distance"] = (x, y, to) => to[0] = TensorPrimitives.Distance(x, y),
        ["Divide"] = (x, y, to) => TensorPrimitives.Divide(x, y, to),
        ["Dot"] = (x, y, to) => to[0] = TensorPrimitives.Dot(x, y),
        ["IndexOfMax"] = (x, _, to) => to[0] = TensorPrimitives.IndexOfMax(x),
        ["IndexOfMin"] = (x, _, to) => to[0] = TensorPrimitives.IndexOfMin(x),
        ["Max"] = (x, y, to) =>
        {
            TensorPrimitives.Max(x, y, to);
            to[0] = TensorPrimitives.Max(y);
        },
        ["MaxMagnitude"] = (x, _, to) => to[0] = TensorPrimitives.MaxMagnitude(x),
        ["Min"] = (x, y, to) =>
        {
            TensorPrimitives.Min(x, y, to);
            to[0] = TensorPrimitives.Min(y);
        },
        ["Multiply"] = (x, y, to) => TensorPrimitives.Multiply(x, y, to),
        ["MultiplyAdd"] = (x, y, to) => TensorPrimitives.MultiplyAdd(x, y, x, to),
        ["Negate"] = (x, _, to) => TensorPrimitives.Negate(x, to),
        ["Norm"] = (x, _, to) => to[0] = TensorPrimitives.Norm(x),
        ["Pow"] = (x, _, to) => TensorPrimitives.Pow(x, 1.7, to),
        ["Sqrt"] = (x, _, to) => TensorPrimitives.Sqrt(x, to),
        ["Subtract"] = (x, y, to) => TensorPrimitives.Subtract(x, y, to),
        ["Sum"] = (x, _, to) => to[0] = TensorPrimitives.Sum(x),
    };

    private delegate void Map(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> to);

    public static TheoryData<string> SafeNames => [.. Safe.Keys];

    public static TheoryData<string> ActivationNames => [.. Catalogue.All<IActivation>().Select(a => a.Name)];

    public static TheoryData<string> LossNames => [.. Catalogue.All<ILoss>().Select(l => l.Name)];

    [Theory]
    [MemberData(nameof(SafeNames))]
    public void What_is_called_does_not_depend_on_where_arrays_lie(string name) => IsTheSameEverywhere(Safe[name]);

    [Fact]
    public void Nothing_else_of_vectorised_functions_is_called()
    {
        var calls =
            from folder in new[] { "solvers", "src", "validation" }
            from file in Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
            where Path.GetFileName(file) != "Elementwise.cs"
            from call in Calls().Matches(File.ReadAllText(file))
            where !Safe.ContainsKey(call.Groups["of"].Value)
            select $"{Path.GetFileName(file)}: {call.Value}";
        Assert.Empty(calls);
    }

    [Theory]
    [MemberData(nameof(ActivationNames))]
    public void Activations_do_not_depend_on_where_arrays_lie(string name)
    {
        var activation = Catalogue.Find<IActivation>(name);
        IsTheSameEverywhere((h, _, s) => activation.Apply(h, s));
        IsTheSameEverywhere((h, _, slopes) =>
        {
            var s = new double[h.Length];
            activation.Apply(h, s);
            activation.Derivative(h, s, slopes);
        });
    }

    [Theory]
    [MemberData(nameof(LossNames))]
    public void Losses_do_not_depend_on_where_arrays_lie(string name)
    {
        var loss = Catalogue.Find<ILoss>(name);
        IsTheSameEverywhere((yhat, y, gradient) => loss.Gradient(yhat, y, gradient));
        IsTheSameEverywhere((yhat, y, value) => value[0] = loss.Value(yhat, y));
    }

    private static void IsTheSameEverywhere(Map map)
    {
        var random = new Random(1);
        foreach (var length in new[] { 3, 20, 531, 40_000 })
        {
            double[] x = [.. Numbers(length)], y = [.. Numbers(length)];
            double[]? first = null;
            for (var place = 0; place < Places; place++)
            {
                var memory = GC.AllocateArray<double>(3 * (length + Places), pinned: true);
                Span<double> to = memory.AsSpan(2 * (length + Places) + 3 * place % Places, length),
                    from = memory.AsSpan(place, length),
                    other = memory.AsSpan(length + Places + 5 * place % Places, length);
                x.CopyTo(from);
                y.CopyTo(other);
                map(from, other, to);
                first ??= to.ToArray();
                Assert.Equal(first.Select(BitConverter.DoubleToInt64Bits),
                    to.ToArray().Select(BitConverter.DoubleToInt64Bits));
                map(from, other, from);
                Assert.Equal(first[0], from[0]);
            }
        }

        // Here and there beyond what vectors compute fast.
        IEnumerable<double> Numbers(int count) => Enumerable.Range(0, count)
            .Select(_ =>
                (random.NextDouble() - 0.5) * random.Next(12) switch { 0 => 3000, 1 => 1e5, 2 => 0, _ => 4.0 });
    }

    [GeneratedRegex(@"TensorPrimitives\.(?<of>\w+)|" +
        @"Vector(64|128|256|512)?\.(?<of>(Exp|Log|Log2|Sin|Cos|SinCos)\b)|using static System\.Numerics")]
    private static partial Regex Calls();
}
