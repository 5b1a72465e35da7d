using MeanFieldLimit.Benchmarks.Matrices;

// Usage: matrices [threads] [part of a case's name]
// Every case runs the engines in turn, several times round, and reports the median GF/s of each.
var threads = args.Length > 0 ? int.Parse(args[0]) : 1;
var filter = args.Length > 1 ? args[1] : "";
var managed = new ManagedEngine(threads);
IMatrixEngine other = OpenBlasEngine.TryCreate(threads, out var blas, out var reason) ? blas : managed;
if (blas is null)
    Console.WriteLine($"no OpenBLAS ({reason}): managed beside itself");

Console.WriteLine($"{threads} thread(s){"",-27} {managed.Name,16} {other.Name,16}  ratio");
foreach (var x in Case.All.Where(x => x.Name.Contains(filter, StringComparison.Ordinal)))
{
    double[] a = x.Median(managed, other);
    Console.WriteLine(
        $"{x.Name,-38} {x.Flops / a[0] / 1e9,11:F2} GF/s {x.Flops / a[1] / 1e9,11:F2} GF/s {a[1] / a[0],6:F2}"
        + $"   {a[0] * 1e6,10:F2} us");
}
