using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>
/// Propagation of chaos by synchronous coupling (Sznitman 1991; De Bortoli, Durmus, Fontaine and Simsekli,
/// arXiv:2007.06352): the N neurons of a two-layer network under SGD of step gamma N^(beta - 1), as a diffusion, beside
/// N copies of the limit process from the same initial values on the same Brownian paths, tracers of the solved limit.
/// E sup_t |W^N - W^*|^2 is to go as N^-(1 - beta) below beta = 1, where the limit is the gradient flow, and as 1/N at
/// beta = 1, where it is a McKean-Vlasov diffusion; E is over replicates and over neurons, which are exchangeable.
/// </summary>
/// <remarks>
/// Below 1 the square is that of two parts, the noise, C_1 N^-(1 - beta), and the interaction, C_2 / N: beside every
/// network with noise runs the same without, and the gaps on either side of it are recorded.
/// </remarks>
internal sealed class ChaosStudy : IStudy
{
    // Of the limit's error: each costs a limit.
    private const int MostComparisons = 2;

    public string Name => "chaos";

    public string Question => "Do the neurons of a wide network under SGD become independent copies of the limit " +
        "process, and how fast in the width N?";

    public string Help => "Couple the neurons of two-layer networks under SGD, as a diffusion, to independent copies " +
        "of the limit process. Example: mfl chaos examples/chaos.json";

    public string Example => "chaos";

    public bool HasTracers => false;

    public Problem Complete(Problem problem) => problem with { Chaos = problem.Chaos ?? new() };

    public IEnumerable<(string Name, string Value)> Settings(Model model)
    {
        var chaos = model.Problem.Chaos!;
        string Of(bool isLangevin, IEnumerable<ChaosNoise> kinds) => isLangevin
            ? $"langevin, temperature {model.Temperature:G6}"
            : $"sgd with step {chaos.Gamma:G6} N^(beta - 1) on batches of {chaos.Batch} as a diffusion, noise " +
                string.Join(" and ", kinds.Select(kind => Names.Of(kind)));
        var motions = chaos.Noise.GroupBy(n => n == ChaosNoise.Langevin).Select(g => Of(g.Key, g));
        return
        [
            ("training of networks", MotionText.Training(model,
                $"{string.Join("; ", motions)}; {chaos.Steps} steps by Euler and Maruyama")),
            ("limit", $"the same at N = infinity, by the same steps; {chaos.Paths} paths at each node of the types " +
                "where neurons have noise of their own"),
            ("chaos", $"beta = {string.Join(", ", chaos.Betas)}; groups of {chaos.Particles} neurons; " +
                $"{chaos.Draws} draws of weights of input {chaos.Coordinate} from the law of the limit" +
                (chaos.Gammas.Count > 0 ? $", and for gamma = {string.Join(", ", chaos.Gammas)}" : "")),
            MotionText.Networks(model),
        ];
    }

    public StudyPlan Plan(Model model, int threads)
    {
        var (chaos, couple) = (Check(model, threads), model.Problem.Couple);
        var system = new ChaosModel(model);
        system.CheckStep(new ManagedEngine(threads));
        (ChaosNoise Noise, double Beta)[] kinds = [.. chaos.Noise.SelectMany(noise => chaos.Betas
            .Where(beta => noise != ChaosNoise.Langevin || beta == chaos.Betas[^1])
            .Select(beta => (noise, noise == ChaosNoise.Langevin ? 1 : beta)))];
        Cell<ReplicateRecord>[] replicates = [.. Enumerable.Range(0, couple.Seeds).Select(replicate =>
            new Cell<ReplicateRecord>($"networks/replicate={replicate}", 1, [], context =>
                new ReplicateRuns(system, context.Machine, replicate).Run(kinds, replicate < MostComparisons)))];
        var laws = new LimitLawCells(system, kinds);
        return new([.. replicates, .. laws.Cells], done =>
        {
            var (found, failures) = (done.Found(replicates), done.Failures([.. replicates, .. laws.Cells]));
            if (found.Length == 0 || done.Failures(laws.Cells).Length > 0) return StudyResult.Ended(failures);
            ChaosMeasurement[] all = [.. kinds.Select((kind, k) =>
                new ChaosMeasurement(kind.Noise, kind.Beta, [.. found.Select(r => r.Kinds[k])]))];
            return ChaosResult.Of(model, all, [.. found.Select(r => r.Interaction)], laws.Of(done)) with
            {
                Failures = failures,
            };
        }, FormattableString.Invariant($"up to {Bytes(model, threads) / 1e6:N0} MB"));
    }

    /// <summary>The section of the problem, if so many replicates at once can be run.</summary>
    /// <exception cref="ProblemException">There is none, a value does not fit the data, or there is not the
    /// memory.</exception>
    internal static ChaosSpec Check(Model model, int atOnce)
    {
        if (model.Problem.Chaos is not { } chaos)
            throw model.Loaded.Error("$.chaos",
                "the section chaos must be given for the propagation of chaos, found none; add \"chaos\": {}");
        if (chaos.Coordinate >= model.Data.Train.Inputs)
            throw model.Loaded.Error("$.chaos.coordinate",
                $"coordinate must be below the number of inputs, got {chaos.Coordinate} of " +
                $"{model.Data.Train.Inputs}; use a smaller one");
        if (Kept(model) is var kept && kept > MemoryLimit.Bytes)
            throw model.Loaded.Error("$.couple.seeds", "what replicates leave must fit into memory, " +
                $"{model.Problem.Couple.Seeds} of them take {MemoryLimit.Share(kept)}; " +
                "use fewer seeds or smaller widths");
        var (bytes, largest) = (Bytes(model, atOnce), Largest(model));
        if (bytes > MemoryLimit.Bytes || largest > Array.MaxLength)
            throw model.Loaded.Error("$.chaos.paths",
                $"limits and networks must fit into memory, {atOnce} replicates at once take " +
                $"{MemoryLimit.Share(bytes)}, the largest array {largest:G10} numbers of at most " +
                $"{Array.MaxLength}; use fewer paths, nodes, neurons or threads");
        return chaos;
    }

    /// <summary>About the bytes of so many replicates at once: four vectors of each noise, six of each state.</summary>
    internal static double Bytes(Model model, int atOnce)
    {
        var (chaos, widths) = (model.Problem.Chaos!, model.Problem.Couple.Widths);
        var data = model.Data.Train;
        var each = 4.0 * data.Count + 6.0 * (data.Inputs + data.Outputs);
        // A limit of each noise and one without, each twice; a network of each noise and beta and one without.
        return sizeof(double) * each * atOnce * (2 * (chaos.Noise.Count + 1) * Particles(model)
            + widths.Sum(n => (double)n) * (chaos.Noise.Count * chaos.Betas.Count + 1)) + Kept(model);
    }

    /// <summary>
    /// About the bytes that all replicates leave: a coordinate of each neuron, twice for those that are pooled, and
    /// what neurons contribute to the predictions.
    /// </summary>
    private static double Kept(Model model)
    {
        var (chaos, couple) = (model.Problem.Chaos!, model.Problem.Couple);
        var each = 2 * couple.Widths.Sum(n => (double)n)
            + couple.Widths.Count * (2.0 * ReplicateRuns.MostPoints * model.Data.Train.Outputs + 16);
        return sizeof(double) * each * couple.Seeds * chaos.Noise.Count * chaos.Betas.Count;
    }

    private static double Largest(Model model) =>
        Particles(model) * Math.Max(model.Data.Train.Count, model.Data.Train.Inputs
            + model.Data.Train.Outputs);

    /// <summary>Particles of the largest limit, tracers included.</summary>
    private static double Particles(Model model) => (double)model.Problem.Chaos!.Paths
        * model.Rules[0].CountNodes(model.LimitModel.Embedding.TypeLaws(1))
        + Math.Max(model.Problem.Couple.Widths[^1], model.Problem.Chaos.Draws);
}
