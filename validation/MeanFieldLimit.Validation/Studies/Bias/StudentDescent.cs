using MeanFieldLimit.Kernels;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>Gradient descent with the method and step of a model, looked at in equal ratios of its steps.</summary>
internal static class StudentDescent
{
    /// <summary>When: at <c>record.saves</c> times after 0, of equal ratios from the first step to the last.</summary>
    internal static double[] Times(Model model)
    {
        var (training, saves) = (model.Problem.Training, model.Problem.Record.Saves);
        var steps = training.Time / training.Step!.Value;
        return [0, .. Enumerable.Range(0, saves).Select(k => training.Step.Value
            * Math.Floor(1e-9 + Math.Pow(steps, saves == 1 ? 1 : k / (saves - 1.0)))).Distinct()];
    }

    /// <summary>Random features by the steps of a model, at one of these times.</summary>
    /// <exception cref="ProblemException">These grow.</exception>
    internal static NeuronSum At(Model model, FeatureDescent features, double t)
    {
        var step = model.Problem.Training.Step!.Value;
        if (step > features.LargestStep)
            throw model.Loaded.Error("$.training.step", "step must be at most " +
                FormattableString.Invariant($"{features.LargestStep:G6} for random features not to diverge, got {step:R}; ") +
                "use a shorter one");
        return features.After((long)Math.Round(t / step), step);
    }

    /// <summary>
    /// Goes from <paramref name="start"/> through the save times as long as <paramref name="look"/> asks for more.
    /// </summary>
    /// <exception cref="RunFailedException">It did not reach its end.</exception>
    internal static void Follow(Model model, IVectorField velocity, double[] start,
        Func<double, double[], bool> look, CancellationToken cancellation)
    {
        var training = model.Problem.Training;
        var (stepper, control) = TimeMethod.Find(training.Method).Fixed(velocity, training.Step!.Value);
        var times = Times(model);
        var run = new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = times,
            Cancellation = cancellation,
        }.Begin(start, new(0, times[^1]));
        while (run.AdvanceToNextSave())
            if (!look(run.Time, run.State.ToArray())) return;
        cancellation.ThrowIfCancellationRequested();
        run.Result.OrThrow();
    }
}
