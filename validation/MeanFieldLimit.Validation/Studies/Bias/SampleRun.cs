using MeanFieldLimit.Kernels;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>A function on its way: its risk on the points, E (f - f*)^2 of all inputs, and sum_j |a_j| |b_j|.</summary>
internal sealed record Course(double[] Train, double[] Test, double[] PathNorm);

/// <summary>A network trained on points, beside it its random features in closed form.</summary>
/// <param name="Points">n.</param>
/// <param name="Width">m.</param>
/// <param name="Replicate">Of points and initial weights.</param>
/// <param name="Times">When, in the time of the mean-field scaling.</param>
/// <param name="Network">The network.</param>
/// <param name="Features">Random features; null of a scaled network.</param>
/// <param name="Gaps">sqrt(E (f - f_rf)^2), over all inputs.</param>
internal sealed record SampleRun(int Points, int Width, int Replicate, double[] Times, Course Network, Course? Features,
    double[] Gaps)
{
    /// <summary>|B - B_0| at the end, the root of the sum of squares.</summary>
    public required double Moved { get; init; }

    // A risk at which a network stays where it is.
    private const double Settled = 1e-14;

    internal double Test => Network.Test[^1];

    /// <summary>The run of a replicate of points, conventional or scaled.</summary>
    internal static SampleRun Of(Model sample, int width, int replicate, bool isScaled, CancellationToken cancellation)
    {
        var model = isScaled ? TeacherStudent.Scaled(sample) : TeacherStudent.Conventional(sample, width);
        var (network, engine, data) = (model.Sample([width], 0), new ManagedEngine(1), model.Data.Train);
        var (predictor, states) = (new Predictor(network, data, engine), new List<double[]>());
        StudentDescent.Follow(model, model.Objective.Velocity(network, engine), network.State, (_, state) =>
        {
            states.Add(state);
            predictor.Predict(state);
            return predictor.Measure(model.Loss).Risk > Settled;
        }, cancellation);
        // Where it has settled it stays.
        var times = StudentDescent.Times(model);
        double[][] all = [.. times.Select((_, k) => states[Math.Min(k, states.Count - 1)])];
        NeuronSum[] ours = [.. states.Select(state => NeuronSum.Of(network, state))];
        NeuronSum At(int k) => ours[Math.Min(k, ours.Length - 1)];
        var moved = TensorPrimitives.Distance<double>(ours[^1].Incoming, ours[0].Incoming);
        if (isScaled) return new(data.Count, width, replicate, times, CourseOf(all, At), null, []) { Moved = moved };

        var flow = FeatureDescent.On(network, data);
        NeuronSum[] features = [.. times.Select(t => StudentDescent.At(model, flow, t))];
        return new(data.Count, width, replicate, times, CourseOf(all, At),
            CourseOf([.. features.Select(StateOf)], k => features[k]),
            [.. features.Select((f, k) => Math.Sqrt(At(k).Minus(f).SquaredNorm()))])
        {
            Moved = moved,
        };

        double[] StateOf(NeuronSum f)
        {
            double[] state = [.. network.State];
            TensorPrimitives.Divide(f.Outgoing, network.Masses(1), network.Weights(state.AsSpan(), 2).Data);
            return state;
        }

        Course CourseOf(double[][] path, Func<int, NeuronSum> at)
        {
            var teacher = TeacherStudent.TeacherOf(sample);
            return new([.. path.Select(state =>
            {
                predictor.Predict(state);
                return predictor.Measure(model.Loss).Risk;
            })], [.. path.Select((_, k) => at(k).Minus(teacher).SquaredNorm())],
                [.. path.Select((_, k) => at(k).Magnitudes.Sum())]);
        }
    }
}
