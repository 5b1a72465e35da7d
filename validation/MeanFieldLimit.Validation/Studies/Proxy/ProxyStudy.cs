namespace MeanFieldLimit.Validation.Studies.Proxy;

/// <summary>
/// The law of networks of the reference width d* over their initializations beside those of the named limits, which all
/// have these networks in common (Golikov 2020, arXiv:2006.06574): E_x KL(N(m, v) || N(m*, v*)) of the mean and
/// variance of predictions of a limit, m and v, and of the networks, m* and v*.
/// </summary>
internal sealed class ProxyStudy : IStudy
{
    public string Name => "proxy";

    public string Question => "Which infinite-width limit is the best proxy of finite networks, along their training?";

    public string Help => "Compare the law of networks of the reference width of a scaling with those of all named " +
        "limits. Example: mfl proxy problem.json --set proxy.networks=4000";

    public string Example => "proxy";

    public bool HasNetworks => false;

    public Problem Complete(Problem problem) => problem with { Proxy = problem.Proxy ?? new() };

    public IEnumerable<(string Name, string Value)> Settings(Model model) =>
    [
        .. MotionText.Rows(model, hasNetworks: false),
        ("networks", $"{model.Problem.Proxy!.Networks} of width {Width(model)}"),
        ("limits", $"from {model.Problem.Proxy.Draws} draws of the initial function"),
        .. Named(model).Refused.Select(e => ("left out", $"{e.Path}: {e.Rule}")),
    ];

    public StudyPlan Plan(Model model, int threads)
    {
        var width = Width(model);
        if (model.Problem.Scaling!.Kind == ScalingKind.Exponents)
            throw model.Loaded.Error("$.scaling.kind", "kind must be one with a name for proxy, which has the limits " +
                "of all of these, got exponents; use ntk");
        OwnKeys.Refuse(model, Name, "at draws of their own");
        SameSteps.Require(model);
        var (models, refused) = Named(model);
        var points = new ProxyPoints(model);
        ProxyLimit[] limits = [.. models.Select(m => new ProxyLimit(m, points, model.InitialProcess))];
        int[] widths = [.. Enumerable.Repeat(width, model.Problem.Network.Layers.Count - 1)];
        var networks = LawRecord.Cells("networks", model.Problem.Proxy!.Networks, width * (double)widths.Length,
            (replicate, name, machine) =>
            {
                var run = new Run(model, machine) { Name = name };
                run.Record(run.Add(model.Sample(widths, replicate), model.Dynamics, model.NetworkDraw(replicate)));
                return run;
            }, points);
        return new([.. limits.SelectMany(l => l.Cells), .. networks],
            done => ProxyResult.Of(model, done, networks, limits, [.. refused.Select(e => e.Rule)]),
            MemoryText.Limit(model));
    }

    /// <summary>
    /// The models of the named scalings, with the same networks at the reference width, and why others have none.
    /// </summary>
    private static (IReadOnlyList<Model> Models, IReadOnlyList<ProblemException> Refused) Named(Model model)
    {
        var (models, refused) = (new List<Model>(), new List<ProblemException>());
        foreach (var kind in ScalingExponents.Named.Keys)
            try
            {
                models.Add(model.With(model.Problem with { Scaling = model.Problem.Scaling! with { Kind = kind } }));
            }
            catch (ProblemException e)
            {
                refused.Add(e);
            }
        return (models, refused);
    }

    private static int Width(Model model) => model.Problem.Scaling switch
    {
        null => throw model.Loaded.Error("$.scaling", "a scaling must be given for proxy, found none; add one, " +
            "such as { \"kind\": \"ntk\", \"width\": 64 }: its width is that of the networks"),
        { Width: { } width } when width == Math.Floor(width) && width <= int.MaxValue => (int)width,
        { Width: var width } => throw model.Loaded.Error("$.scaling.width", "width must be a whole number for " +
            $"proxy, that of neurons of the networks, got {(width is null ? "none" : $"{width:G6}")}; give one, such " +
            "as 64"),
    };
}
