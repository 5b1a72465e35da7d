using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>
/// Which of all networks that fit a teacher gradient descent picks (W. E's and L. Wu's teacher and student: Ma, Wu and
/// E 2020, arXiv:2006.14450): under the law of the inputs and on points, over widths and numbers of points, in the
/// conventional and in the mean-field scaling, beside random features and the limits of both.
/// </summary>
internal sealed class BiasStudy : IStudy
{
    private const string Scaled = "scaled";

    private static readonly string[] Kinds = ["network", Scaled];

    public string Name => "bias";

    public string Question => "Which of all networks that fit a teacher does gradient descent pick?";

    public string Help => "Train two-layer networks on a teacher without regularization, in the conventional and in " +
        "the mean-field scaling, beside random features and limits: neurons that are left, test errors over widths " +
        "and points. Example: mfl bias problem.json --seeds 3";

    public string Example => "bias";

    public bool HasTracers => false;

    public IEnumerable<(string Name, string Value)> Settings(Model model)
    {
        var (bias, training) = (model.Problem.Bias!, model.Problem.Training);
        yield return ("networks", $"widths {string.Join(", ", model.Problem.Couple.Widths)}; " +
            $"{model.Problem.Couple.Seeds} of each on {model.Data.Train.Count} points, one on " +
            string.Join(", ", bias.Samples));
        yield return ("conventional", $"steps of {training.Step:G6} / m, or {bias.ScaledStep:G6} where that is less, " +
            $"in the time of its parameters, {training.Time / training.Step:G6} of them");
        yield return ("mean-field scaling", $"steps of {bias.ScaledStep:G6}, " +
            $"{bias.ScaledTime / bias.ScaledStep:G6} of them");
        yield return ("law of the inputs", $"width {bias.Width}, dimension {bias.Dimension}, teachers of " +
            $"{string.Join(", ", bias.Teachers)} neurons");
        yield return ("limit", MotionText.Limit(model, model.LimitDynamics));
    }

    public StudyPlan Plan(Model model, int threads)
    {
        if (model.Problem.Bias is not { } bias)
            throw model.Loaded.Error("$.bias", "bias must be given for bias, found none; add it, such as " +
                $"{{ \"samples\": [{model.Data.Train.Count}] }}");
        var (of, couple) = (new TeacherStudent(model), model.Problem.Couple);
        Cell<PopulationRun>[] population = [.. bias.Teachers.Select(count => Population(of, count, isScaled: false)),
            Population(of, bias.Teachers[0], isScaled: true)];
        Cell<SampleRun>[] samples = [.. from n in bias.Samples
            from m in couple.Widths
            from r in Enumerable.Range(0, n == of.Points ? couple.Seeds : 1)
            from kind in Kinds
            select Sample(of, kind, n, m, r)];
        Cell<SampleRun>[] wide = [.. from m in bias.Wide
            from r in Enumerable.Range(0, couple.Seeds)
            select Sample(of, "wide", bias.Samples[0], m, r)];
        var limit = new Cell<LimitRisk>("limit/mean-field", double.MaxValue, [], context =>
            LimitRisk.OfMeanField(TeacherStudent.Scaled(model), context.Machine))
        { WholeMachine = true };
        var kernel = new Cell<LimitRisk>("limit/kernel", 1, [], _ => LimitRisk.OfKernel(model));
        ICell[] all = [limit, kernel, .. population, .. samples, .. wide];
        return new(all, done => done.Failures(all) is { Length: > 0 } failures ? StudyResult.Ended(failures)
            : new BiasResult(of, done.Found(population[..^1]), done.Get(population[^1]), done.Found(samples),
                done.Found(wide), done.Get(limit), done.Get(kernel)).Result(),
            FormattableString.Invariant($"{threads} x {16e-6 * bias.Samples[^1] * couple.Widths[^1]:N1} MB for ") +
            $"networks of width {couple.Widths[^1]}");
    }

    private static Cell<PopulationRun> Population(TeacherStudent of, int teachers, bool isScaled)
    {
        var bias = of.Bias;
        return new($"population/{(isScaled ? "scaled" : "network")}/teachers={teachers}",
            (double)bias.Width * bias.Width * bias.Dimension, [], context =>
            {
                var population = of.Population(teachers);
                return PopulationRun.Of(population, isScaled ? TeacherStudent.Scaled(population)
                    : TeacherStudent.Conventional(population, bias.Width), bias.Width, context.Machine.Cancellation);
            });
    }

    private static Cell<SampleRun> Sample(TeacherStudent of, string kind, int points, int width, int replicate) =>
        new($"{kind}/points={points}/width={width}/replicate={replicate}", (double)points * width * of.Inputs, [],
            context => SampleRun.Of(of.Sample(points, replicate), width, replicate, kind == Scaled,
                context.Machine.Cancellation));
}
