using System.Diagnostics;
using System.Runtime.InteropServices;

// Usage: transport        for every line "PATH [EPSILON ERROR]", the path of a problem and for entropic transport eps and
//                         the marginal error to reach: "seconds bytes cost dual", or "seconds bytes dual"
//        transport line   the time of the exact distance on the line between 10^6 and 10^6 weighted points
//        transport bits   one pair of clouds by every method, all digits: alike for any number of processors
if (args is ["line"])
{
    var (a, b) = (Cloud(1_000_000, 1, 1), Cloud(1_000_000, 1, 2));
    for (var run = 0; run < 5; run++)
    {
        var watch = Stopwatch.StartNew();
        var solved = Wasserstein.Between(a, b);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds:F3} s, W2 = {solved.Distance:R}, gap {solved.Gap:E1}"));
    }
    return;
}
if (args is ["bits"])
{
    var (a, b) = (Cloud(300, 4, 1), Cloud(400, 4, 2));
    var cells = new GridCells(20, 30, 0.1, 0.1);
    double[] costs =
    [
        Wasserstein.Between(Cloud(5000, 1, 1), Cloud(7000, 1, 2), 1.5).Cost,
        Wasserstein.Between(a, b).Cost,
        WassersteinSliced.Between(a, b, 200, new(3, 4)).Cost,
        WassersteinEntropic.Divergence(a, b, 0.2).Value,
        WassersteinGrid.Divergence(cells, Cloud(600, 1, 5).Masses, Cloud(600, 1, 6).Masses, 0.02).Value,
    ];
    Console.WriteLine(string.Join(' ', costs.Select(cost => cost.ToString("R", CultureInfo.InvariantCulture))));
    return;
}
// A problem: n, m, d, p, then n and m masses, n x d and m x d coordinates, all as doubles.
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    var numbers = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(words[0])).ToArray();
    var (n, m, d, p) = ((int)numbers[0], (int)numbers[1], (int)numbers[2], numbers[3]);
    var (x, y) = (4 + n + m, 4 + n + m + n * d);
    var source = new DiscreteMeasure(d, numbers[x..y], numbers[4..(4 + n)]);
    var target = new DiscreteMeasure(d, numbers[y..], numbers[(4 + n)..x]);
    double[] given = [.. words.Skip(1).Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
    var watch = Stopwatch.StartNew();
    double[] results;
    if (given is [var epsilon, var error])
    {
        var solved = WassersteinEntropic.Between(source, target, epsilon, p, new(error));
        results = [solved.Converged ? solved.DualValue : double.NaN];
    }
    else
    {
        var solved = Wasserstein.Between(source, target, p);
        results = [solved.Cost, solved.DualValue];
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds} " +
        $"{Process.GetCurrentProcess().PeakWorkingSet64} {string.Join(' ', results.Select(r => $"{r:R}"))}"));
}

static DiscreteMeasure Cloud(int count, int d, ulong seed)
{
    double[] points = new double[count * d], masses = new double[count];
    new RandomStream(seed, 0).FillNormal(0, points);
    new RandomStream(seed, 1).FillUniform(0, masses);
    var sum = masses.Sum();
    return new(d, points, [.. masses.Select(m => m / sum)]);
}
