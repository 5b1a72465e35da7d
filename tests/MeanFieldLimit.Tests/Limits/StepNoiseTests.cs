using System.Text;
using MathNet.Numerics.LinearAlgebra;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// What the batches of SGD add to a limit, as noise in time of the masses of its data: against the Lyapunov equation of a
/// linear model, and against SGD itself.
/// </summary>
public class StepNoiseTests
{
    private const int Batch = 2;
    private const double Time = 1.5;

    /// <summary>Of three points with masses; linear in what moves where the first layer stays, the identity.</summary>
    private static Model Build(string activation, double first, double step = 0.01) => Model.Build(ProblemFile.Parse("x.json",
        Encoding.UTF8.GetBytes($$"""
        { "name": "steps",
          "data": { "kind": "points", "x": [[1, 0.5], [-0.4, 1.2], [0.3, -1.1]], "y": [[1], [-0.5], [0.8]],
            "masses": [0.5, 0.2, 0.3] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "{{activation}}",
              "rate": { "schedule": "constant", "value": {{first}} } },
            { "weights": { "law": "constant", "value": 0.4 }, "rate": { "schedule": "constant", "value": 2 } } ] },
          "training": { "loss": "half-squared", "time": {{Time}}, "dynamics": "sgd", "step": {{step}}, "batch": {{Batch}} },
          "limit": { "types": [{ "rule": "gauss", "nodes": 4 }], "tolerance": 1e-10 },
          "record": { "saves": 3 } }
        """)), null);

    private static TangentRuns Runs(Model model, int threads = 1) => TangentRuns.Of(new(model), new() { Threads = threads });

    // With f the predictions, r = f - y, A = K diag(m) and K the kernel of layer 2 times its rate: df = -A r dt, and the
    // response u to noise Z of the masses is du = -A u dt - K diag(r) dZ, so that its covariance has
    // dC/dt = -A C - C A^T + K diag(r) (diag(m) - m m^T) diag(r) K / B.
    [Fact]
    public void A_linear_model_has_the_covariance_of_its_Lyapunov_equation_to_the_second_order_in_the_intervals()
    {
        var model = Build("identity", first: 0);
        var exact = Lyapunov(model);
        double Error(int intervals) => (Covariance(model, intervals) - exact).FrobeniusNorm() / exact.FrobeniusNorm();
        var (coarse, fine) = (Error(12), Error(24));
        Assert.InRange(fine, 0, 3e-3);
        Assert.InRange(Math.Log2(coarse / fine), 1.9, 2.1);
    }

    [Fact]
    public void Draws_have_that_covariance_and_say_their_errors()
    {
        var model = Build("identity", first: 0);
        var (exact, masses) = (Lyapunov(model), model.Data.Train.Masses);
        var law = StepNoise.Run(Runs(model), 0.01, Batch, draws: 2000).Law;
        var gap = Math.Sqrt(Enumerable.Range(0, 3).Sum(n => masses[n] * exact[n, n]));
        Assert.InRange(Math.Abs(law.Gap - gap), 0, 3 * law.StandardError + law.IntervalsError);
        Assert.InRange(law.StandardError / gap, 0.005, 0.03);
        Assert.InRange(law.IntervalsError / gap, 1e-5, 0.01);
        Assert.Equal(law.Gap, Math.Sqrt(law.Deviations(3).Select((sd, n) => masses[n] * sd * sd).Sum()), 1e-12);
    }

    [Fact]
    public void Sgd_is_as_far_from_its_flow_as_predicted()
    {
        const int seeds = 500;
        var model = Build("tanh", first: 1, step: 0.005);
        var (initial, masses) = (model.InitialLimit(), model.Data.Train.Masses);
        double[] Predictions(IDynamics dynamics, ulong seed)
        {
            var (stepper, control) = dynamics.Bind(initial, model.Objective, new(seed), Sampled.Engine) is var s
                ? (s.Stepper, s.Control) : default;
            var predictor = new Predictor(initial, model.Watched, Sampled.Engine);
            predictor.Predict(new TimeLoop { Stepper = stepper, Control = control }.Run(initial.State, new(0, Time))
                .OrThrow().State);
            return [.. predictor.Predictions];
        }
        var flow = Predictions(model.LimitDynamics, 0);
        var measured = Math.Sqrt(Enumerable.Range(0, seeds).Average(s => Predictions(model.Dynamics, (ulong)s)
            .Select((yhat, n) => masses[n] * Math.Pow(yhat - flow[n], 2)).Sum()) / 0.005);
        // The rms over so many seeds errs by 2.5 %.
        Assert.InRange(measured / StepNoise.Run(Runs(model), 0.005, Batch, draws: 1000).Law.Gap, 0.92, 1.08);
    }

    [Fact]
    public void Widths_and_steps_add_in_squares_and_the_largest_over_time_is_between()
    {
        var (gap, reason) = GapPrediction.Of(Certifier.Solve(ILimit.Of(Build("tanh", first: 1)), new()), new());
        Assert.Null(reason);
        var steps = gap!.Steps!;
        Assert.Equal((0.01, Batch), (steps.Step, steps.Batch));
        Assert.Equal(Math.Sqrt(gap.Gap * gap.Gap / 40 + steps.Gap * steps.Gap * 0.01), gap.At(40), 1e-15);
        Assert.InRange(gap.LargestAt(1e12) / (0.1 * steps.Largest), 0.9, 1.1);
        Assert.InRange(gap.LargestAt(1e-6) / (1e3 * gap.LargestOfNetworks), 0.999, 1.001);
        Assert.All([30, 100, 1e4], n => Assert.InRange(gap.LargestAt(n), 0.98 * gap.At(n),
            gap.LargestOfNetworks / Math.Sqrt(n) + 0.11 * steps.Largest));
        Assert.InRange(steps.NodesError / steps.Gap, 1e-9, 0.1);
    }

    [Fact]
    public void Any_number_of_threads_has_the_same_bits()
    {
        var model = Build("tanh", first: 1);
        var one = StepNoise.Run(Runs(model), 0.01, Batch, draws: 7).Law;
        var three = StepNoise.Run(Runs(model, threads: 3), 0.01, Batch, draws: 7).Law;
        Assert.Equal(one.Variances, three.Variances);
        Assert.Equal((one.Gap, one.Largest), (three.Gap, three.Largest));
    }

    [Fact]
    public void A_direction_of_the_data_that_does_not_sum_to_0_is_refused()
    {
        var unit = new MassPath([0, Time], 3, (_, dm) => dm[0] = 1);
        Assert.Contains("must sum to 0 in the data", Assert.ThrowsAny<ArgumentException>(() =>
            Runs(Build("tanh", 1)).Along([new([], unit)])).Message, StringComparison.Ordinal);
    }

    /// <summary>E[u u^T] at the final time, by every point and interval as a direction of its own.</summary>
    private static Matrix<double> Covariance(Model model, int intervals)
    {
        var masses = model.Data.Train.Masses;
        var ends = MassPath.Ends(model.SaveTimes, intervals);
        Assert.Equal(intervals + 1, ends.Length);
        var tangents = Runs(model).Along([.. from k in Enumerable.Range(0, intervals)
            from i in Enumerable.Range(0, masses.Length)
            let size = Math.Sqrt(masses[i] / (Batch * (ends[k + 1] - ends[k])))
            select new MassDirection([], new(ends, masses.Length, (at, dm) =>
            {
                for (var j = 0; j < dm.Length; j++) dm[j] = at == k ? size * ((i == j ? 1 : 0) - masses[j]) : 0;
            }))], ends);
        return tangents.Select(u => Vector<double>.Build.Dense(u[^1])).Aggregate(Matrix<double>.Build.Dense(3, 3),
            (sum, u) => sum + u.OuterProduct(u));
    }

    private static Matrix<double> Lyapunov(Model model)
    {
        var (data, initial) = (model.Data.Train, model.InitialLimit());
        var build = Matrix<double>.Build;
        Matrix<double> x = build.Dense(data.Count, 2, (n, j) => data.X[2 * n + j]),
            w = build.Dense(2, initial.Size(1), (j, c) => initial.Weights(1).Data[j * initial.Size(1) + c]),
            p = build.DenseOfDiagonalArray(initial.Masses(1).ToArray()), k = 2 * (x * w * p * w.Transpose() * x.Transpose());
        var m = Vector<double>.Build.Dense(data.Masses);
        Matrix<double> a = k * build.DenseOfDiagonalVector(m),
            noise = (build.DenseOfDiagonalVector(m) - m.OuterProduct(m)) / Batch;
        var (r, c) = (x * w * p * (0.4 * Vector<double>.Build.Dense(initial.Size(1), 1)) - Vector<double>.Build.Dense(data.Y),
            build.Dense(data.Count, data.Count));
        const int steps = 600;
        for (int n = 0; n < steps; n++)
        {
            const double h = Time / steps;
            var (r1, c1) = Slope(r, c);
            var (r2, c2) = Slope(r + h / 2 * r1, c + h / 2 * c1);
            var (r3, c3) = Slope(r + h / 2 * r2, c + h / 2 * c2);
            var (r4, c4) = Slope(r + h * r3, c + h * c3);
            (r, c) = (r + h / 6 * (r1 + 2 * r2 + 2 * r3 + r4), c + h / 6 * (c1 + 2 * c2 + 2 * c3 + c4));
        }
        return c;

        (Vector<double>, Matrix<double>) Slope(Vector<double> r, Matrix<double> c)
        {
            var g = k * build.DenseOfDiagonalVector(r);
            return (-a * r, -a * c - c * a.Transpose() + g * noise * g.Transpose());
        }
    }
}
