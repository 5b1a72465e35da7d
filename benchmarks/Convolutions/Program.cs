// Training steps of a convolutional network, asked by benchmarks/run.py: a line "CHANNELS LAYERS THREADS STEPS
// [PRECISION]" on standard input is answered with seconds a step, bytes at most, and by what the steps move the loss and the
// sum of outputs.
using System.Diagnostics;
using MeanFieldLimit;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;

const int Side = 14, Batch = 100, Classes = 10;
const double Step = 1e-4;

while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    int[] n = [.. words.Take(4).Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
    IMatrixEngine engine = new ManagedEngine(n[2]);
    if (words is [.., "single"]) engine = engine.InSinglePrecision;
    Console.WriteLine(Answer(channels: n[0], layers: n[1], engine, steps: n[3]));
}

static string Answer(int channels, int layers, IMatrixEngine engine, int steps)
{
    Extent image = new(Side, Side), three = new(3, 3);
    var relu = Catalogue.Find<IActivation>("relu");
    var architecture = new Architecture(1, Classes,
        [.. Enumerable.Repeat(relu, layers), Catalogue.Find<IActivation>("identity")], BiasMode.Trained,
        geometry: [.. Enumerable.Repeat(LayerGeometry.Convolution(image, new(three, Extent.Point, 1)), layers),
            LayerGeometry.Dense(image)]);
    var network = Ensemble.Uniform(architecture, [.. Enumerable.Repeat(channels, layers)]);
    for (var i = 1; i <= network.Depth; i++)
    {
        var w = network.Weights(i).Data;
        Fill(w, seed: i, i == 1 ? 1 : 10);
        Fill(network.Biases(i), seed: 10 + i, 1);
    }
    double[] x = new double[Batch * image.Positions], y = new double[Batch * Classes];
    Fill(x, seed: 20, 2);
    Fill(y, seed: 21, 2);
    var data = new Dataset(image.Positions, Classes, x, y, LabelKind.Real);
    var velocity = new MeanFieldVelocity(network, Catalogue.Find<ILoss>("half-squared"), new FullExpectation(data),
        engine);
    var (stepper, control) = TimeMethod.Find("euler").Fixed(velocity, Step);
    var watch = Stopwatch.StartNew();
    var run = new TimeLoop { Stepper = stepper, Control = control }.Run(network.State, new(0, steps * Step));
    var seconds = watch.Elapsed.TotalSeconds / steps;
    var predictor = new Predictor(network, data, engine);
    (double Loss, double Sum) Of(ReadOnlySpan<double> state)
    {
        predictor.Predict(state);
        var yhat = predictor.Predictions;
        return (yhat.Zip(y, (f, t) => (f - t) * (f - t)).Sum() / 2 / Batch, yhat.Sum());
    }
    var (start, end) = (Of(network.State), Of(run.State));
    var peak = Process.GetCurrentProcess().PeakWorkingSet64;
    return FormattableString.Invariant($"{seconds} {peak} {end.Loss - start.Loss} {end.Sum - start.Sum}");
}

// Numbers that any language draws alike.
static void Fill(Span<double> values, int seed, double range)
{
    const long prime = 1000003;
    for (long k = 0; k < values.Length; k++)
    {
        var m = (k + 1000 * seed) % prime;
        values[(int)k] = range * ((7 * m % prime * m + m) % prime / (double)prime - 0.5);
    }
}
