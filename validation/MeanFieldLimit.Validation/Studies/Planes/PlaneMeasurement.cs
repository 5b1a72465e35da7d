namespace MeanFieldLimit.Validation.Studies.Planes;

/// <summary>One network, before and after a step of gradient descent on all training points.</summary>
internal static class PlaneMeasurement
{
    /// <summary>
    /// The quantities in their order, over the test points, or the training points without these, by their masses.
    /// </summary>
    internal static double[] Of(Model model, int width, int replicate, IMatrixEngine engine)
    {
        var network = model.Sample([width], replicate);
        var points = model.Data.Test ?? model.Data.Train;
        double[] rates = [.. model.Schedules.Select(s => s.At(0))], state = [.. network.State];
        var velocity = new double[state.Length];
        model.Objective.Velocity(network, engine).Evaluate(0, state, velocity);
        TensorPrimitives.MultiplyAdd(velocity, model.Problem.Training.Step!.Value, state, state);
        var (before, after) = (Look(network.State), Look(state));
        return
        [
            Size(before.F), Size(before.Kernel), Size(before.Outgoing), Size(before.Incoming),
            Change(before.Kernel, after.Kernel), Change(before.Outgoing, after.Outgoing),
            Change(before.Incoming, after.Incoming),
            TensorPrimitives.Distance<double>(before.F, after.F) / Math.Sqrt(before.F.Length),
        ];

        Looked Look(double[] parameters)
        {
            var predictor = new Predictor(network, points, engine);
            predictor.Predict(parameters);
            return new([.. predictor.Predictions.Select((f, i) => f * points.RootOfMass(i / points.Outputs))],
                Kernel([0, rates[1]]), Kernel([rates[0], 0]));

            double[] Kernel(double[] those) =>
                MeasuredKernel.Of(network, parameters, points, those, engine);
        }
    }

    private static double Size(double[] values) =>
        TensorPrimitives.Norm<double>(values) / Math.Sqrt(values.Length);

    private static double Change(double[] before, double[] after) =>
        TensorPrimitives.Distance<double>(before, after) / TensorPrimitives.Norm<double>(before);

    private sealed record Looked(double[] F, double[] Outgoing, double[] Incoming)
    {
        internal double[] Kernel { get; } = [.. Outgoing.Zip(Incoming, (a, w) => a + w)];
    }
}
