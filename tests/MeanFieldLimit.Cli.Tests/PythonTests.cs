using System.Text.RegularExpressions;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>What Python reads of what is written here, and the other way round.</summary>
public sealed partial class PythonTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [PythonFact]
    public void The_lines_of_the_page_run_as_they_stand_there()
    {
        var page = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Mfl.Example("x")))!, "docs", "python.md");
        var blocks = Blocks().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(3, blocks.Length);
        Directory.CreateSymbolicLink(mfl.Path("examples"), Path.GetDirectoryName(Mfl.Example("x"))!);
        mfl.Shell("printf '#!/bin/sh\\nexec %s \"$@\"\\n' \"MFL\" >mfl && chmod +x mfl");
        var (code, output, errors) = Run(string.Concat(blocks), "PATH=.:\"$PATH\" ");
        Assert.True(code == 0, errors);
        Assert.Contains("N^-", output, StringComparison.Ordinal);
    }

    [PythonFact]
    public void Numpy_reads_the_bits_that_are_written()
    {
        double[] values = [1, -0.0, double.Epsilon, double.MaxValue, double.NaN, double.NegativeInfinity];
        using (var file = File.Create(mfl.Path("a.npz")))
            NumPyArchive.Write(file, new Dictionary<string, NumPyArray>
            {
                ["a"] = new([2, 1, 3], values),
                ["n"] = new([], [0.1]),
            });
        var (code, output, errors) = Run("""
            import numpy as np
            s = np.load("a.npz")
            print(s["a"].shape, s["a"].tobytes().hex().upper(), s["n"].shape, float(s["n"]))
            """);
        Assert.True(code == 0, errors);
        var bits = string.Concat(values.Select(v => Convert.ToHexString(BitConverter.GetBytes(v))));
        Assert.Equal($"(2, 1, 3) {bits} () 0.1\n", output);
    }

    [PythonFact]
    public void What_numpy_writes_is_read_in_any_type_order_and_packing()
    {
        var (code, _, errors) = Run("""
            import numpy as np
            a = np.arange(24).reshape(2, 3, 4) - 5
            types = ["f8", ">f8", "f4", ">f4", "f2", "i1", "i2", ">i4", "i8", ">i8"]
            arrays = {t + o: np.array(a, dtype=t, order=o) for t in types for o in "CF"}
            np.savez("stored.npz", **arrays)
            np.savez_compressed("deflated.npz", u=(a + 5).astype("u8"), b=a > 0, **arrays)
            """);
        Assert.True(code == 0, errors);
        double[] expected = [.. Enumerable.Range(-5, 24).Select(n => (double)n)];
        foreach (var file in new[] { "stored.npz", "deflated.npz" })
        {
            var arrays = NumPyArchive.Read(mfl.Path(file));
            Assert.Equal(file[0] == 's' ? 20 : 22, arrays.Count);
            foreach (var (name, array) in arrays)
            {
                Assert.Equal([2, 3, 4], array.Shape);
                Assert.Equal(name switch
                {
                    "u" => expected.Select(v => v + 5),
                    "b" => expected.Select(v => v > 0 ? 1.0 : 0),
                    _ => expected,
                }, array.Values);
            }
        }
    }

    private (int Code, string Output, string Errors) Run(string lines, string environment = "")
    {
        mfl.Write("lines.py", lines);
        return mfl.Shell($"{environment}{PythonFactAttribute.Python} lines.py");
    }

    [GeneratedRegex("^```python\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
