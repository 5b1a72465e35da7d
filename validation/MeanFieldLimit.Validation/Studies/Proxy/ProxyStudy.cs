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
    ];

    public StudyPlan Plan(Model model, int threads)
    {
        var (width, points) = (Width(model), new ProxyPoints(model));
        var (limits, refused) = (new List<ProxyLimit>(), new List<string>());
        foreach (var kind in ScalingExponents.Named.Keys)
            try
            {
                limits.Add(new(model.With(Of(model.Problem, kind)), kind, points, model.InitialProcess));
            }
            catch (ProblemException e)
            {
                refused.Add(e.Rule);
            }
        int[] widths = [.. Enumerable.Repeat(width, model.Problem.Network.Layers.Count - 1)];
        var networks = LawRecord.Cells("networks", model.Problem.Proxy!.Networks, width * (double)widths.Length,
            (replicate, name, machine) =>
            {
                var run = new Run(model, machine) { Name = name };
                run.Record(run.Add(model.Sample(widths, replicate), model.Dynamics, model.NetworkDraw(replicate)));
                return run;
            }, points);
        return new([.. limits.SelectMany(l => l.Cells), .. networks],
            done => ProxyResult.Of(model, done, networks, limits, refused), MemoryText.Limit(model));
    }

    /// <summary>The problem in another scaling with the same networks at the reference width.</summary>
    private static Problem Of(Problem problem, ScalingKind kind) => problem with
    {
        Scaling = problem.Scaling! with { Kind = kind, Sum = null, Outgoing = null, Incoming = null },
        Limit = problem.Limit with { Ratio = null, Initial = new() },
    };

    private static int Width(Model model) => model.Problem.Scaling switch
    {
        null => throw model.Loaded.Error("$.scaling", "a scaling must be given for proxies, found none; add one, " +
            "such as { \"kind\": \"ntk\", \"width\": 64 }: its width is that of the networks"),
        { Width: { } width } when width == Math.Floor(width) && width <= int.MaxValue => (int)width,
        { Width: var width } => throw model.Loaded.Error("$.scaling.width", "width must be a whole number for " +
            $"proxies, that of neurons of the networks, got {(width is null ? "none" : $"{width:G6}")}; give one, such as 64"),
    };
}
