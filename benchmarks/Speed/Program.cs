// The hot paths, asked by benchmarks/run.py: a line "WORK FILE THREADS NUMBERS..." on standard input, of numbers in a file
// of doubles, is answered with seconds, bytes of the process at most, and results that another program can make.
using System.Diagnostics;
using System.Runtime.InteropServices;
using MeanFieldLimit.Benchmarks.Speed;

while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    // What the last work left counts for none of the memory of this one.
    GC.Collect();
    var input = Read(words[1]);
    int[] numbers = [.. words.Skip(3).Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
    IMatrixEngine engine = new ManagedEngine(int.Parse(words[2], CultureInfo.InvariantCulture));
    var (seconds, results) = words[0] switch
    {
        "sgd" => SgdSteps.Run(input, numbers, engine),
        "sgd-single" => SgdSteps.Run(input, numbers, engine.InSinglePrecision),
        "velocity" => ParticleVelocity.Run(input, numbers, engine),
        "limit" => ReferenceLimit.Run(input, numbers, engine),
        _ => throw new ArgumentException($"the work must be sgd, sgd-single, velocity or limit, got {words[0]}"),
    };
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{seconds} {Process.GetCurrentProcess().PeakWorkingSet64} {string.Join(' ', results.Select(r => $"{r:R}"))}"));
}

static double[] Read(string path)
{
    using var file = File.OpenRead(path);
    var numbers = new double[file.Length / sizeof(double)];
    file.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
    return numbers;
}
