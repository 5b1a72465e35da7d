using System.Globalization;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Validation.Certificates;

// Usage: certificates [problems] [seed]
// The acceptance figures are those of the default: 200 problems of a seed that no constant was chosen on. Every line is
// one random problem: its rules, the parts of the estimate, the true error, estimate over error.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var count = args.Length > 0 ? int.Parse(args[0]) : 200;
var seed = args.Length > 1 ? ulong.Parse(args[1]) : 1;
var cases = new CertificateCase[count];
Parallel.For(0, count, n => cases[n] = CertificateStudy.Run(seed, n, new ManagedEngine(1)));

Console.WriteLine($"{"",4} {"problem",-44} {"types",9} {"time",9} {"error",9} {"ratio",9}");
for (var n = 0; n < count; n++)
{
    var (problem, estimate) = (cases[n].Drawn.Problem, cases[n].Estimate);
    var text = $"L={problem.Network.Layers.Count} {problem.Network.Layers[0].Activation} "
        + string.Join(' ', problem.Limit.Types!.Select(Text));
    Console.WriteLine($"{n,4} {text,-44} {estimate.Types,9:0.0e0} {estimate.Time,9:0.0e0} {cases[n].Error,9:0.0e0} "
        + $"{cases[n].Ratio,9:G3}{(cases[n].IsCovered ? "" : " below")}{(cases[n].IsClose ? "" : " far")}");
}
foreach (var (name, group) in new (string, CertificateCase[])[] { ("all", cases),
    ("smooth", [.. cases.Where(c => !c.Drawn.IsKinked)]), ("kinked", [.. cases.Where(c => c.Drawn.IsKinked)]) })
    Console.WriteLine($"{name}: {group.Length} problems, true error below the estimate in "
        + $"{group.Average(c => c.IsCovered ? 1 : 0):P1}, estimate within a factor 20 in "
        + $"{group.Average(c => c.IsClose ? 1 : 0):P1}");

return cases.Average(c => c.IsCovered ? 1 : 0) >= 0.8 ? 0 : 1;

static string Text(RuleSpec rule) => rule switch
{
    GaussSpec gauss => $"gauss {gauss.Nodes}",
    SmolyakSpec smolyak => $"smolyak {smolyak.Level}",
    SobolSpec sobol => $"sobol {sobol.Nodes}",
    MonteCarloSpec random => $"mc {random.Nodes}",
    _ => "?",
};
