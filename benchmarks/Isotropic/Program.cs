using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

// Usage: isotropic [problem file] [repeats]
// First the limit of the file: its time, that of its error estimate, and the estimate. Then limits of 3 and of 10
// layers with the same types in the first and in the last hidden layer and constant biases, in turn. Times are
// medians, of one thread; processor time, which other programs hardly change.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var example = Model.Build(ProblemFile.Read(args.Length > 0 ? args[0] : "examples/isotropic-reduced.json"), null);
var repeats = args.Length > 1 ? int.Parse(args[1]) : 5;
var engine = new ManagedEngine(1);

var start = Environment.CpuUsage.TotalTime;
var solution = Certifier.Solve(new ParticleLimit(example), new());
var all = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
var alone = Median(Enumerable.Range(0, repeats).Select(_ => Time(example, engine).Seconds));
var error = solution.Error;
Console.WriteLine($"{example.Problem.Name}: limit {alone:0.00} s, with its error estimate {all:0.00} s; "
    + $"error {error.Total:0.0e0} (types {error.Types:0.0e0}, time {error.Time:0.0e0}, data {error.Data:0.0e0})");

foreach (var activation in new[] { "tanh", "relu" })
{
    int[] depths = [3, 10];
    var models = depths.Select(depth => OfDepth(example, depth, activation)).ToArray();
    var runs = new Timed[repeats, depths.Length];
    for (var r = 0; r < repeats; r++)
        for (var k = 0; k < depths.Length; k++) runs[r, k] = Time(models[k], engine);
    var medians = depths.Select((_, k) => Median(Enumerable.Range(0, repeats).Select(r => runs[r, k].Seconds)))
        .ToArray();
    for (var k = 0; k < depths.Length; k++)
        Console.WriteLine($"{activation}, {depths[k],2} layers: {medians[k]:0.00} s, {runs[0, k].Steps} steps");
    var perStep = medians[1] / runs[0, 1].Steps / (medians[0] / runs[0, 0].Steps);
    Console.WriteLine($"{activation}: 10 layers over 3 layers {medians[1] / medians[0]:0.00}, a step {perStep:0.00}");
}

// The first and the last two layers of the example, its second one repeated between them.
static Model OfDepth(Model example, int depth, string activation)
{
    var problem = example.Problem;
    var (layers, types) = (problem.Network.Layers, problem.Limit.Types!);
    return example.With(problem with
    {
        Network = problem.Network with
        {
            Layers = [.. new[] { layers[0] }.Concat(Enumerable.Repeat(layers[1], depth - 2))
                .Select(l => l with { Activation = activation }), layers[^1]],
        },
        Limit = problem.Limit with { Types = [types[0], .. Enumerable.Repeat(types[1], depth - 3), types[^1]] },
    });
}

static Timed Time(Model model, IMatrixEngine engine)
{
    var start = Environment.CpuUsage.TotalTime;
    var trained = new ParticleLimit(model).Begin(Machine.Of(engine)).Complete().Trained;
    return new((Environment.CpuUsage.TotalTime - start).TotalSeconds, trained.Result.Steps + trained.Result.Refused);
}

static double Median(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return sorted[sorted.Length / 2];
}

/// <summary>One limit: processor time, and steps taken or refused.</summary>
internal readonly record struct Timed(double Seconds, long Steps);
