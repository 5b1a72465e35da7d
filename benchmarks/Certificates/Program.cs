using MeanFieldLimit.Benchmarks.Certificates;
using MeanFieldLimit.Problems;

// Usage: certificates [problems] [seed] [all]
//        certificates accuracies [requests] [seed] [all]
//        certificates scalings [problems] [seed] [all]
//        certificates images [problems] [seed] [all]
// The first prints the table of docs/certificates.md: estimates against true errors of random problems, by group; below
// it the problems whose error is above the estimate, or all of them. The second asks for accuracies and counts those
// that are said to be reached and are not. The third is the first on kernels and the limits of scalings, the fourth on
// those of convolutional networks. Acceptance figures are those of the default: a seed that no constant was chosen on.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["accuracies", ..] => Accuracies(args[1..]),
    ["scalings", ..] => Estimates(args[1..], 200, RandomScaling.Draw, ScalingStudy.Table),
    ["images", ..] => Estimates(args[1..], 100, RandomImages.Draw, ImageStudy.Table),
    _ => Estimates(args, 1000, RandomProblem.Draw, CertificateStudy.Table),
};

static int Estimates(string[] args, int problems, Func<ulong, int, RandomProblem> draw,
    Func<IReadOnlyList<CertificateCase>, IEnumerable<string>> table)
{
    var count = args.Length > 0 ? int.Parse(args[0]) : problems;
    var seed = args.Length > 1 ? ulong.Parse(args[1]) : 1;
    var cases = new CertificateCase[count];
    Parallel.For(0, count, n => cases[n] = CertificateStudy.Run(draw(seed, n), new ManagedEngine(1)));
    foreach (var line in table(cases)) Console.WriteLine(line);
    Console.WriteLine();
    for (var n = 0; n < count; n++)
        if (args.Length > 2 || cases[n] is { IsDecided: true, IsCovered: false })
            Console.WriteLine($"{n,4} {Text(cases[n].Drawn.Problem),-60} types {cases[n].Estimate.Types:0.0e0} "
                + $"time {cases[n].Estimate.Time:0.0e0} error {cases[n].Error:0.0e0} +- {cases[n].Doubt:0.0e0} "
                + $"ratio {cases[n].Ratio:G3}{(cases[n].IsDecided ? "" : " undecided")}");
    // The target is 0.95 and 0.8 in every group; few problems may miss it by chance.
    var decided = cases.Where(c => c.IsDecided).ToArray();
    return decided.Average(c => c.IsCovered ? 1 : 0) >= 0.9 ? 0 : 1;
}

static int Accuracies(string[] args)
{
    var count = args.Length > 0 ? int.Parse(args[0]) : 500;
    var seed = args.Length > 1 ? ulong.Parse(args[1]) : 1;
    var cases = new AccuracyCase[count];
    Parallel.For(0, count, n => cases[n] = AccuracyStudy.Run(seed, n, new ManagedEngine(1)));
    foreach (var line in AccuracyStudy.Table(cases)) Console.WriteLine(line);
    Console.WriteLine();
    foreach (var (c, n) in cases.Select((c, n) => (c, n)).Where(p => p.c.IsFalse || args.Length > 2))
        Console.WriteLine($"{n,4} {c.Outcome} {Text(c.Problem),-60} asked {c.Accuracy:0.0e0} "
            + $"estimate {c.Estimate:0.0e0} error {c.Error:0.0e0} +- {c.Doubt:0.0e0} rounds {c.Rounds} "
            + $"work {c.Work:0.0e0}");
    return cases.Any(c => c.IsFalse) ? 1 : 0;
}

static string Text(Problem problem) => $"L={problem.Network.Layers.Count} {problem.Network.Layers[0].Activation}"
    + (problem.Scaling is { } scaling ? $" {ScalingStudy.Name(scaling.Kind)} {problem.Limit.Method}"
        + (problem.Limit.Ratio is { } ratio ? $" at {ratio:G2}" : "") : "")
    + $"{(problem.Network.Embedding is CorrelatedSpec ? " correlated " : " ")}"
    + string.Join(", ", problem.Limit.Types!.Select(Rule));

static string Rule(RuleSpec rule) => rule switch
{
    GaussSpec gauss => $"gauss {gauss.Nodes}",
    PanelSpec panels => $"panels {panels.Nodes}",
    SmolyakSpec smolyak => $"smolyak {smolyak.Level}",
    SobolSpec sobol => $"sobol {sobol.Nodes}",
    MidpointSpec midpoint => $"midpoint {midpoint.Nodes}, {midpoint.Last} to {midpoint.Reach:G2}",
    MonteCarloSpec random => $"monte-carlo {random.Nodes}",
    _ => "?",
};
