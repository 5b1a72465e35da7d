using MeanFieldLimit.Kernels;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>A network under the law of the inputs itself, and its random features by the same steps.</summary>
/// <param name="Teachers">Neurons of the teacher.</param>
/// <param name="Times">When, in the time of the mean-field scaling.</param>
/// <param name="Norm">E f*^2.</param>
/// <param name="Risks">E (f - f*)^2.</param>
/// <param name="FeatureRisks">That of random features.</param>
/// <param name="Gaps">sqrt(E (f - f_rf)^2).</param>
/// <param name="Magnitudes">|a_j| |b_j| in f, [time][neuron].</param>
internal sealed record PopulationRun(int Teachers, double[] Times, double Norm, double[] Risks, double[] FeatureRisks,
    double[] Gaps, double[][] Magnitudes)
{
    /// <summary>[time] rms of da_j/dt, and of db_j/dt, of the conventional parameters in their time.</summary>
    public required double[][] Speeds { get; init; }

    /// <summary>|B - B_0| / |B_0|.</summary>
    public required double[] Moved { get; init; }

    /// <summary>At the end [neuron] b_j along the first neuron of the teacher, and across it.</summary>
    public required double[][] Ends { get; init; }

    // Of the largest: what is smaller does not count as a neuron that is left.
    private const double Survives = 0.1;

    // Of sqrt(E f*^2).
    internal const double Close = 0.05;

    // Risks, over E f*^2, that rounding leaves nothing of.
    private const double Settled = 1e-12;

    /// <summary>How many neurons are left at a save time.</summary>
    internal int SurvivorsAt(int k) => Magnitudes[k].Count(m => m >= Survives * Magnitudes[k].Max());

    /// <summary>The first save time at which the network is not close to its random features; null where it stays
    /// so.</summary>
    internal int? Parting => Array.FindIndex(Gaps, gap => gap > Close * Math.Sqrt(Norm)) is >= 0 and var k ? k : null;

    internal static PopulationRun Of(Model population, Model moving, int width, CancellationToken cancellation)
    {
        var (teacher, network) = (TeacherStudent.TeacherOf(population), moving.Sample([width], 0));
        var (features, velocity) = (FeatureDescent.Of(network, teacher), new PopulationVelocity(network, teacher,
            moving.Schedules, new ManagedEngine(1)));
        var (start, direction) = (NeuronSum.Of(network, network.State), teacher.Incoming[..network.Size(0)]);
        var norm = teacher.SquaredNorm();
        List<double> times = [], risks = [], featureRisks = [], gaps = [], moved = [];
        List<double[]> magnitudes = [], speeds = [];
        var (f, speed) = (start, new double[network.State.Length]);
        StudentDescent.Follow(moving, velocity, network.State, (t, state) =>
        {
            f = NeuronSum.Of(network, state);
            var random = StudentDescent.At(moving, features, t);
            velocity.Evaluate(t, state, speed);
            times.Add(t);
            risks.Add(f.Minus(teacher).SquaredNorm());
            featureRisks.Add(random.Minus(teacher).SquaredNorm());
            gaps.Add(Math.Sqrt(f.Minus(random).SquaredNorm()));
            magnitudes.Add(f.Magnitudes);
            speeds.Add([TensorPrimitives.Norm<double>(network.Weights(speed, 2).Data) / Math.Sqrt(width),
                width * TensorPrimitives.Norm<double>(network.Weights(speed, 1).Data) / Math.Sqrt(width)]);
            moved.Add(TensorPrimitives.Distance<double>(f.Incoming, start.Incoming)
                / TensorPrimitives.Norm<double>(start.Incoming));
            return risks[^1] > Settled * norm;
        }, cancellation);
        var unit = TensorPrimitives.Norm<double>(direction);
        return new(teacher.Outgoing.Length, [.. times], norm, [.. risks], [.. featureRisks], [.. gaps], [.. magnitudes])
        {
            Speeds = [.. speeds],
            Moved = [.. moved],
            Ends = [.. f.Incoming.Chunk(direction.Length).Select(b =>
            {
                var along = TensorPrimitives.Dot<double>(b, direction) / unit;
                var across = TensorPrimitives.Dot<double>(b, b) - along * along;
                return new[] { along, Math.Sqrt(Math.Max(0, across)) };
            })],
        };
    }
}
