using System.Diagnostics;

// Usage: densities [cells] [steps]
//        densities errors [problems]   error estimates against errors
//        densities answers             for every line "CELLS STEPS STEP" of the non-local problem below seconds a step,
//                                      bytes, first and second moments, int rho^2 and the energy
// First the errors, as int |rho - exact|, on grids of 32, 64, ... up to 2 cells, with 2 / cells a step, of Gaussians
// whose mean and variance have closed forms. Then a non-local problem in two dimensions on cells x cells: processor
// time, mass, least mass, energy; and the same by the sum over all pairs of cells, of which one application is timed.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["errors", ..])
{
    Environment.ExitCode = ErrorStudy.Print(args.Length > 1 ? int.Parse(args[1]) : 100) ? 0 : 1;
    return;
}
if (args is ["answers"])
{
    while (Console.ReadLine() is { } line) Console.WriteLine(Answer(line.Split(' ')));
    return;
}
var cells = args.Length > 0 ? int.Parse(args[0]) : 256;
var steps = args.Length > 1 ? int.Parse(args[1]) : 1000;

Gaussians("Ornstein-Uhlenbeck, D = 0.5", 0.5, 1, 0);
Gaussians("attraction, D = 0.3", 0.3, 0.5, 1);
Gaussians("repulsion, D = 0.2", 0.2, 1, -0.5);
Gaussians("nearly transport, D = 0.001", 0.001, 0.5, 0.25);
Gaussians("transport, D = 0", 0, 0.5, 0.25);
NonLocal();

// V = k x^2 / 2, W = c z^2 / 2, from N(1, 0.4) over time 1.
void Gaussians(string name, double diffusion, double k, double c)
{
    var equation = new AggregationDiffusion(1, diffusion)
    {
        Potential = x => k * x[0] * x[0] / 2,
        Interaction = z => c * z[0] * z[0] / 2,
    };
    var decay = Math.Exp(-2 * (k + c));
    var variance = 0.4 * decay + diffusion * (1 - decay) / (k + c);
    var last = double.NaN;
    Console.WriteLine(name);
    for (var n = 32; n <= 2 * cells; n *= 2)
    {
        var grid = new Grid(new Axis(-6, 6, n));
        var final = Run(equation, Density.Of(grid, x => Normal(x[0], 1, 0.4), 1e-3), 1, 2.0 / n);
        var error = final.Distance(Density.Of(grid, x => Normal(x[0], Math.Exp(-k), variance), 1e-3));
        Console.WriteLine($"  {n,5} cells: error {error:0.0e0}, order {Math.Log2(last / error):0.00}");
        last = error;
    }
}

void NonLocal()
{
    var (equation, initial) = NonLocalProblem(cells);
    var grid = initial.Grid;
    var start = Environment.CpuUsage.TotalTime;
    var final = Run(equation, initial, 5, 5.0 / steps);
    var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    var flow = equation.On(grid);
    Console.WriteLine($"non-local, {cells} x {cells} cells, {steps} steps: {seconds:0.0} s of processor; mass - 1 = "
        + $"{final.Masses.Sum() - 1:0.0e0}, least {final.Masses.Min():0.0e0}, at the ends {final.CutMass:0.0e0}, "
        + $"energy {flow.Energy(initial):0.0000} to {flow.Energy(final):0.0000}");

    start = Environment.CpuUsage.TotalTime;
    var (sum, z) = (0.0, new double[2]);
    for (var j = 0; j < grid.Count; j++)
    {
        (z[0], z[1]) = (grid.Centres[0] - grid.Centres[2 * j], grid.Centres[1] - grid.Centres[2 * j + 1]);
        sum += equation.Interaction!(z) * final.Masses[j];
    }
    var pairs = (Environment.CpuUsage.TotalTime - start).TotalSeconds * grid.Count * 2 * steps;
    Console.WriteLine($"  by the sum over pairs (here {sum:0.0e0}), two a step: {pairs / 3600:0.0} h");
}

static (AggregationDiffusion Equation, Density Initial) NonLocalProblem(int cells) => (
    new(2, 0.1)
    {
        Potential = x => x[0] * x[0] / 4 + x[1] * x[1] / 4 + Math.Cos(2 * x[1]),
        Interaction = z => Math.Exp(-z[0] * z[0] - z[1] * z[1] - z[0] * z[1]),
    },
    Density.Of(new Grid(new Axis(-5, 5, cells), new Axis(-5, 5, cells)) { Threads = Environment.ProcessorCount },
        x => Normal(x[0], 0.5, 0.3) * Normal(x[1], 0.5, 0.5)));

static string Answer(string[] words)
{
    var (steps, step) = (int.Parse(words[1]), double.Parse(words[2]));
    var (equation, initial) = NonLocalProblem(int.Parse(words[0]));
    var flow = equation.On(initial.Grid);
    var loop = new TimeLoop { Stepper = new DensityStepper(flow), Control = new FixedStep(step) };
    var watch = Stopwatch.StartNew();
    var masses = loop.Run(initial.Masses, new(0, steps * step)).OrThrow().State;
    var seconds = watch.Elapsed.TotalSeconds / steps;
    var final = new Density(initial.Grid, masses);
    double[] results =
    [
        final.Integral(x => x[0]), final.Integral(x => x[1]), final.Integral(x => x[0] * x[0]),
        final.Integral(x => x[0] * x[1]), final.Integral(x => x[1] * x[1]),
        masses.Sum(m => m * m) / final.Grid.CellVolume, flow.Energy(final),
    ];
    return $"{seconds} {Process.GetCurrentProcess().PeakWorkingSet64} "
        + string.Join(' ', results.Select(r => $"{r:R}"));
}

static Density Run(AggregationDiffusion equation, Density initial, double time, double step) =>
    new(initial.Grid, new TimeLoop
    {
        Stepper = new DensityStepper(equation.On(initial.Grid)),
        Control = new FixedStep(step),
    }.Run(initial.Masses, new(0, time)).OrThrow().State);

static double Normal(double x, double mean, double variance) =>
    Math.Exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
