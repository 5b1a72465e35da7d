using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Transport;

// Usage: transport        answers compare.py: for every line with the path of a problem, "cost dual seconds"
//        transport line   the time of the exact distance on the line between 10^6 and 10^6 weighted points
if (args is ["line"])
{
    var random = new Random(1);
    DiscreteMeasure Cloud()
    {
        double[] points = [.. Enumerable.Range(0, 1_000_000).Select(_ => random.NextDouble())];
        double[] masses = [.. points.Select(_ => random.NextDouble())];
        var sum = masses.Sum();
        return new(1, points, [.. masses.Select(m => m / sum)]);
    }
    var (a, b) = (Cloud(), Cloud());
    for (var run = 0; run < 5; run++)
    {
        var watch = Stopwatch.StartNew();
        var solved = Wasserstein.Between(a, b);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds:F3} s, W2 = {solved.Distance:R}, gap {solved.Gap:E1}"));
    }
    return;
}
// A problem: n, m, d, p, then n and m masses, n x d and m x d coordinates, all as doubles.
while (Console.ReadLine() is { } path)
{
    var numbers = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(path)).ToArray();
    var (n, m, d, p) = ((int)numbers[0], (int)numbers[1], (int)numbers[2], numbers[3]);
    var (x, y) = (4 + n + m, 4 + n + m + n * d);
    var source = new DiscreteMeasure(d, numbers[x..y], numbers[4..(4 + n)]);
    var target = new DiscreteMeasure(d, numbers[y..], numbers[(4 + n)..x]);
    var watch = Stopwatch.StartNew();
    var solved = Wasserstein.Between(source, target, p);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{solved.Cost:R} {solved.DualValue:R} {watch.Elapsed.TotalSeconds}"));
}
