using MeanFieldLimit.Benchmarks.WorkPrecision;

// Usage: workprecision                             the classical problems as CSV, for table.py
//        workprecision problem.json [tolerance]... the limit of a problem file
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
            var (stepper, control) = TimeMethod.Find(name).Adaptive(problem, asked, new RootMeanSquareNorm());
            var run = new TimeLoop { Stepper = stepper, Control = control }.Run(problem.Initial, new(0, problem.End));
            if (run.Status != RunStatus.Completed)
                Console.Error.WriteLine($"{problem.Name}, {name}: {run.Status} at t = {run.Time}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{problem.Name},{name},{tolerance},{asked.Absolute},{run.Evaluations},{run.Steps},{run.Refused}," +
                $"\"{run.InWords}\",") +
                string.Join(' ', run.State.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
        }
