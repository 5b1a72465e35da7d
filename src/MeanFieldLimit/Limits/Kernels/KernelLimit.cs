using System.Runtime.CompilerServices;
using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Runs.Probes;

namespace MeanFieldLimit.Limits.Kernels;

/// <summary>
/// The limit of the NTK scaling: f moves in the space of functions, df/dt = -E_P[Theta(., x) l'(f(x), y)] from the
/// initial function, Theta the tangent kernel, which stays (Jacot, Gabriel and Hongler 2018, arXiv:1806.07572).
/// </summary>
/// <param name="Model">What it is the limit of.</param>
public sealed record KernelLimit(Model Model) : ILimit
{
    private const double Tighter = 100, SafetyOfTime = 1.5;

    // What n terms of a series leave out falls like n^(-1/2) at least, that of a jump of the slope: 1 / (sqrt(2) - 1).
    // Below Rounding half of the terms are no other series.
    private const double SafetyOfSeries = 2.5, Rounding = 1e-13;

    // In boxes: limits from other initial functions have the same.
    private readonly StrongBox<GaussianKernels?> kernels = new();
    private readonly StrongBox<KernelFlow?> flow = new();

    /// <summary>How it moves.</summary>
    public GradientFlow Dynamics { get; init; } = (GradientFlow)Model.LimitDynamics;

    /// <summary>Whether its flow has a closed form: a squared loss in continuous time, not too many points.</summary>
    public bool IsExact => Slope > 0 && TimeMethod.Find(Dynamics.Method).EstimatesError
        && Model.Data.Train.Count <= KernelFlow.MostPoints;

    /// <summary>
    /// Whether it is a law, the Gaussian process over all initial functions, of which the run is the mean; otherwise it
    /// starts at one function.
    /// </summary>
    public bool IsLaw => IsExact && Model.Problem.Limit.Initial is { Values: null, Draw: null };

    private double Slope => Model.Problem.Training.Loss switch { "half-squared" => 1, "squared" => 2, _ => 0 };

    IReadOnlyList<IKnob> ILimit.Knobs =>
    [
        .. Kernels(new()).Error > Rounding ? [new DifferenceKnob<KernelLimit>(ErrorPart.Types, "series of kernels",
            SafetyOfSeries, limit => new KernelLimit(limit.Model) { Dynamics = limit.Dynamics, IsCoarser = true })]
            : Array.Empty<IKnob>(),
        .. !IsExact && TimeMethod.Find(Dynamics.Method).EstimatesError
            ? [new DifferenceKnob<KernelLimit>(ErrorPart.Time, "time", SafetyOfTime, limit => limit with
            {
                Dynamics = limit.Dynamics with { Tolerance = Math.Max(1e-13, limit.Dynamics.Tolerance / Tighter) },
            })]
            : Array.Empty<IKnob>(),
    ];

    /// <summary>Whether series of kernels end at half of their terms, to compare with.</summary>
    internal bool IsCoarser { get; init; }

    /// <inheritdoc/>
    public double Bytes => MemoryPlan.Limit(Model);

    /// <summary>Its kernels at the training points, then the test points, made once.</summary>
    public GaussianKernels Kernels(Machine machine) =>
        kernels.Value ??= GaussianKernels.Of(InitialFunction.Points(Model.Data), KernelLayers.Of(Model),
            machine.Matrices,
            new() { MaxDegreeOfParallelism = machine.Threads, CancellationToken = machine.Cancellation }, machine.Show,
            IsCoarser);

    /// <summary>The deviation of f over initializations, at training points, then test points.</summary>
    /// <exception cref="InvalidOperationException">It is no law.</exception>
    public double[] Deviation(double t)
    {
        if (!IsLaw) throw new InvalidOperationException("a limit from one initial function has no variance");
        return [.. Flow(new Machine()).Variance(t).Select(v => Math.Sqrt(Math.Max(0, v)))];
    }

    private KernelFlow Flow(Machine machine) => flow.Value ??= new(Kernels(machine), Model.Data.Train.Masses, Slope);

    /// <inheritdoc/>
    public Run Begin(Machine machine, string name = "run", IProgress<double>? progress = null)
    {
        var run = new Run(Model, machine) { Name = name, Progress = progress };
        var initial = IsLaw ? new double[Model.Watched.Count * Model.Watched.Outputs] : InitialFunction.Values(Model);
        var velocity = new Velocity(Model, Kernels(machine), machine.Matrices);
        var method = TimeMethod.Find(Dynamics.Method);
        var (stepper, control) = IsExact
            ? (new ExactFlow(Flow(machine), Model.Data.Train.Y, initial.Length), new FixedStep(Model.SaveTimes[^1]))
            : method.EstimatesError
                ? method.Adaptive(velocity, new(Dynamics.Tolerance, Dynamics.Tolerance), new RootMeanSquareNorm())
            : method.Fixed(velocity, Dynamics.Step!.Value);
        var mover = new Mover(run.Begin(new(stepper, control)
        {
            LongestStep = Dynamics.LongestStep ?? double.PositiveInfinity,
        }, initial));
        run.Add(mover, new TrajectoryProbe(Model, data => new(data, (state, yhat) => Part(state, data).CopyTo(yhat))));
        return run;
    }

    ILimit ILimit.On(Model model) => this with { Model = model };

    /// <summary>The state at the points of a data set: training points come first, test points last.</summary>
    private ReadOnlySpan<double> Part(ReadOnlySpan<double> state, Dataset data) =>
        data == Model.Data.Test ? state[^(data.Count * data.Outputs)..] : state[..(data.Count * data.Outputs)];

    /// <summary>-Theta_.X M l'(f_X, y), the state being f [point, K].</summary>
    private sealed class Velocity(Model model, GaussianKernels kernels, IMatrixEngine engine) : IVectorField
    {
        private readonly Dataset train = model.Data.Train;
        private readonly ILoss loss = model.Loss;
        private readonly double[] theta = kernels.Ntk;
        private readonly double[] gradient = new double[model.Data.Train.Count * model.Data.Train.Outputs];

        public int Dimension => kernels.Points * train.Outputs;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
        {
            var k = train.Outputs;
            for (var n = 0; n < train.Count; n++)
                loss.Gradient(y.Slice(n * k, k), train.Label(n), gradient.AsSpan(n * k, k));
            ReadOnlyMatrixView left = new(theta, kernels.Points, train.Count, kernels.Points);
            engine.Multiply(-1, left.Plain, train.Masses, new ReadOnlyMatrixView(gradient, train.Count, k).Plain, 0,
                new(velocity, kernels.Points, k));
        }
    }
}
