using System.Diagnostics;
using MeanFieldLimit.Benchmarks.WorkPrecision;

// Usage: workprecision                             the classical problems as CSV, for table.py
//        workprecision answers                     for every line "PROBLEM METHOD RELATIVE ABSOLUTE SECONDS", solved until
//                                                  SECONDS are over: seconds a solve, bytes, and the state at the end
//        workprecision problem.json [tolerance]... the limit of a problem file
if (args is ["answers"])
{
    while (Console.ReadLine() is { } line) Console.WriteLine(Answer(line.Split(' ')));
    return;
}
if (args.Length > 0)
{
    double[] given = [.. args.Skip(1).Select(a => double.Parse(a, CultureInfo.InvariantCulture))];
    MethodsOnLimit.Print(args[0], given.Length > 0 ? given : [1e-4, 1e-6, 1e-8]);
    return;
}
Console.WriteLine("problem,method,tolerance,absolute,evaluations,steps,refused,account,state");
foreach (var problem in Classic.All)
    foreach (var name in problem.Methods.Append("auto"))
        foreach (var tolerance in new[] { 1e-6, 1e-9 })
        {
            var asked = new Tolerance(tolerance, tolerance * problem.AbsolutePerRelative);
            var run = Solve(problem, name, asked);
            if (run.Status != RunStatus.Completed)
                Console.Error.WriteLine($"{problem.Name}, {name}: {run.Status} at t = {run.Time}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{problem.Name},{name},{tolerance},{asked.Absolute},{run.Evaluations},{run.Steps},{run.Refused}," +
                $"\"{run.InWords}\",") +
                string.Join(' ', run.State.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
        }

static RunResult Solve(Classic problem, string method, Tolerance tolerance)
{
    var (stepper, control) = TimeMethod.Find(method).Adaptive(problem, tolerance, new RootMeanSquareNorm());
    return new TimeLoop { Stepper = stepper, Control = control }.Run(problem.Initial, new(0, problem.End));
}

static string Answer(string[] words)
{
    var problem = Classic.All.First(p => p.Name == words[0]);
    double[] numbers = [.. words.Skip(2).Select(w => double.Parse(w, CultureInfo.InvariantCulture))];
    var tolerance = new Tolerance(numbers[0], numbers[1]);
    var watch = Stopwatch.StartNew();
    var solves = 0;
    double[] state;
    do
    {
        state = Solve(problem, words[1], tolerance).OrThrow().State;
        solves++;
    }
    while (watch.Elapsed.TotalSeconds < numbers[2]);
    return string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds / solves} " +
        $"{Process.GetCurrentProcess().PeakWorkingSet64} {string.Join(' ', state.Select(v => $"{v:R}"))}");
}
