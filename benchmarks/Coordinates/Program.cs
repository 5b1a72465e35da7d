using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

// Usage: coordinates [problem] [folder of its data] [time] [most nodes] [randomisations]
// A limit with N types in layer 1, drawn by Monte Carlo or Sobol points in natural or principal coordinates of the
// inputs; rules of other layers and batches stay. The error is the largest rms difference of predictions over the save
// times, its root mean square over randomisations, against the mean of four runs with four times the most nodes.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var file = args.Length > 0 ? args[0] : "examples/mnist-three-layer.json";
var folder = args.Length > 1 ? args[1] : null;
var time = args.Length > 2 ? double.Parse(args[2]) : 1;
var most = args.Length > 3 ? int.Parse(args[3]) : 2048;
var randomisations = args.Length > 4 ? int.Parse(args[4]) : 4;
const int Best = 4, First = 1000;

var engine = new ManagedEngine(Environment.ProcessorCount);
var (natural, principal) = (Build(Coordinates.Natural), Build(Coordinates.Principal));
var best = Enumerable.Range(First, Best).Select(seed => Sobol(principal, Best * most, seed)).ToArray();
var mean = best[0].Select((save, k) => save.Select((_, j) => best.Average(run => run[k][j])).ToArray()).ToArray();
Console.WriteLine($"{natural.Problem.Name}, t = {time}, {natural.Embedding.TypeLaws(1).Count} coordinates, " +
    $"{principal.Embedding.TypeLaws(1).Count} of them principal or free of the inputs");
Console.WriteLine($"the reference, {Best} times {Best * most} types, is known to {Rms(best) / Math.Sqrt(Best - 1):G2}");
Console.WriteLine($"{"N",6} {"monte-carlo",12} {"sobol natural",14} {"sobol principal",16}");
for (var n = 64; n <= most; n *= 2)
    Console.WriteLine($"{n,6} {Rms(Runs(seed => MonteCarlo(natural, n, seed))),12:G3} " +
        $"{Rms(Runs(seed => Sobol(natural, n, seed))),14:G3} {Rms(Runs(seed => Sobol(principal, n, seed))),16:G3}");

Model Build(Coordinates coordinates)
{
    var read = ProblemFile.Read(file);
    return Model.Build(read with
    {
        Problem = read.Problem with
        {
            Training = read.Problem.Training with { Time = time },
            Record = read.Problem.Record with { Saves = 4, Spacing = Spacing.Linear },
            Limit = read.Problem.Limit with { Coordinates = coordinates },
        },
    }, folder);
}

double[][] MonteCarlo(Model model, int n, int seed) =>
    Predict(model, new MonteCarlo(n, Streams.Types((ulong)seed, 1, 0)));

double[][] Sobol(Model model, int n, int seed) =>
    Predict(model, new Sobol(n, Streams.Types((ulong)seed, 1, 0)));

double[][] Predict(Model model, IQuadratureRule first) =>
    [.. Run.Of(model, model.Embedding.Discretise([first, .. model.Rules.Skip(1)]), model.LimitDynamics,
        model.LimitDraw, new()).Complete().Trained.Trajectory.Predictions];

double[][][] Runs(Func<int, double[][]> run) => [.. Enumerable.Range(1, randomisations).Select(run)];

double Rms(double[][][] runs) => Math.Sqrt(runs.Average(run => Math.Pow(Enumerable.Range(0, run.Length)
    .Max(k => MathNet.Numerics.Distance.Euclidean(run[k], mean[k]) / Math.Sqrt(run[k].Length)), 2)));
