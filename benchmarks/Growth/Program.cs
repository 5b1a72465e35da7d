// Usage: growth [small] [FOLDER]
// Seconds and bytes of the solvers as one size grows, the others fixed, one thread but for entropic transport;
// exponents by least squares over the four largest sizes. Writes benchmarks/growth.md and docs/figures/cost-*.png of the
// current folder, or growth.md and cost-*.png of FOLDER. small: three sizes each, in seconds, to see that it runs.
using MeanFieldLimit.Benchmarks.Growth;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var isSmall = args is ["small", ..];
var folder = args.Skip(isSmall ? 1 : 0).FirstOrDefault();
if (folder is not null) Directory.CreateDirectory(folder);
var timing = isSmall ? new Timing(3, 0.002, 0) : new Timing(7, 0.025, 0.3);

List<Measured> Measure(IEnumerable<Work> works)
{
    var measured = new List<Measured>();
    foreach (var work in works)
    {
        measured.Add(Measured.Of(isSmall ? work.Small() : work, timing));
        Console.WriteLine(Page.Row(measured[^1]));
    }
    return measured;
}

Console.WriteLine(Page.Head);
var groups = new (string Name, List<Measured> Works)[]
{
    ("cost-networks", Measure([.. NetworkWorks.Steps, .. NetworkWorks.Velocities])),
    ("cost-limits", Measure(LimitWorks.All)),
    ("cost-solvers", Measure(SolverWorks.All)),
};
string[] plans = [.. PlannedModels.All.SelectMany(p => (isSmall ? p.Sizes[..1] : p.Sizes).Select(n => Page.Row(p, n)))];
Console.WriteLine(string.Join('\n', [Page.PlanHead, .. plans]));

File.WriteAllText(Path.Combine(folder ?? "benchmarks", "growth.md"), Page.Of([.. groups.SelectMany(g => g.Works)], plans));
foreach (var (name, works) in groups)
    CostFigure.Write(Path.Combine(folder ?? Path.Combine("docs", "figures"), $"{name}.png"), works);
