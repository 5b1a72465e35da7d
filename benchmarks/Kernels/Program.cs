// The kernels of ReLU networks, asked by benchmarks/run.py: a line "POINTS INPUTS DEPTH THREADS" on standard input is
// answered with seconds, bytes of the process at most, and sums of both matrices with and without signs that any program
// can make. Run with these four as arguments it answers once.
using System.Diagnostics;
using MeanFieldLimit;
using MeanFieldLimit.Data;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;

const long Prime = 1000003;

if (args.Length == 4) Console.WriteLine(Answer(args));
else
    while (Console.ReadLine() is { } line) Console.WriteLine(Answer(line.Split(' ')));

static string Answer(string[] numbers)
{
    int[] n = [.. numbers.Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
    var (points, inputs, depth, threads) = (n[0], n[1], n[2], n[3]);
    // Numbers that any language draws alike, |x|^2 about 1.
    var x = new double[points * inputs];
    for (long k = 0; k < x.Length; k++)
        x[k] = ((7 * k % Prime * k + k) % Prime / (double)Prime - 0.5) * Math.Sqrt(12.0 / inputs);
    var data = new Dataset(inputs, 1, x, new double[points], LabelKind.Real);
    var relu = Catalogue.Find<IActivation>("relu");
    KernelLayer[] layers = [new(null, 2, 0.01), .. Enumerable.Repeat(new KernelLayer(relu, 2, 0.01), depth)];
    var watch = Stopwatch.StartNew();
    var kernels = GaussianKernels.Of(data, layers, new ManagedEngine(threads),
        new() { MaxDegreeOfParallelism = threads });
    var seconds = watch.Elapsed.TotalSeconds;
    var bytes = Process.GetCurrentProcess().PeakWorkingSet64;
    return FormattableString.Invariant(
        $"{seconds} {bytes} {Sum(kernels.Nngp)} {Alternating(kernels.Nngp)} {Sum(kernels.Ntk)} {Alternating(kernels.Ntk)}");
}

static double Sum(double[] matrix) => matrix.Sum();

static double Alternating(double[] matrix)
{
    var sum = 0.0;
    for (var k = 0; k < matrix.Length; k++) sum += k % 3 == 0 ? matrix[k] : -0.5 * matrix[k];
    return sum;
}
