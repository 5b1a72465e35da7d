using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies.Lazy;

/// <summary>
/// Output scales alpha, f = alpha F(theta), learning rates over alpha^2: the mean-field limit of each, and the
/// kernel limit, which is the same for all, from f = 0; and networks, each beside three limits: the kernel limit from
/// the network's own initial function, the mean-field limit, and ic-mf, that beside this function.
/// </summary>
internal sealed class LazyScales
{
    private readonly Model model;
    private readonly Model[] networks;
    private readonly KernelLimit kernel;
    private readonly ILimit[] corrected;
    private readonly LimitCell kernelCell;
    private readonly LimitCell[] limits;
    private readonly IReadOnlyList<Cell<LazyNetwork>> cells;

    internal LazyScales(Model model)
    {
        this.model = model;
        var (problem, alphas) = (model.Problem, model.Problem.Lazy!.Alphas);
        // First: what a kernel limit asks for is refused in the words of the problem.
        kernel = new(Kernel(model));
        networks = [.. alphas.Select(alpha => Scaled(alpha, problem.Scaling!.Kind))];
        corrected = [.. alphas.Select(alpha => ILimit.Of(Scaled(alpha, ScalingKind.IcMf)))];
        var watched = kernel.Model.Watched;
        kernelCell = new(kernel.Model.StartingAt(new double[watched.Count * watched.Outputs]), "kernel/limit");
        limits = [.. alphas.Select(alpha => new LimitCell(Scaled(alpha, ScalingKind.MeanField),
            FormattableString.Invariant($"alpha={alpha}/limit")))];
        cells = CouplingCells.Each(model, [.. limits.Select(l => l.Cell)], Train);
    }

    /// <summary>The model of the kernel limit, of the same sum, reference width and rates.</summary>
    internal static Model Kernel(Model model) => model.With(model.Problem with
    {
        Scaling = (model.Problem.Scaling ?? new() { Kind = ScalingKind.Ntk }) with { Kind = ScalingKind.Ntk },
        Limit = model.Problem.Limit with { Initial = new() },
        Lazy = null,
    });

    /// <summary>The model of an output scale.</summary>
    internal Model Scaled(double alpha, ScalingKind kind)
    {
        var (problem, scaling) = (model.Problem, model.Problem.Scaling!);
        return model.With(problem with
        {
            Scaling = scaling with { Kind = kind, Factor = alpha * scaling.Build().Factor },
            Network = problem.Network with
            {
                Layers = [.. problem.Network.Layers.Select(layer => layer with
                {
                    Rate = new ConstantRate { Value = (layer.Rate?.Build().At(0) ?? 1) / (alpha * alpha) },
                })],
            },
            Limit = problem.Limit with { Initial = new() },
        });
    }

    internal StudyPlan Plan(int threads)
    {
        ICell[] solved = [kernelCell.Cell, .. limits.Select(l => l.Cell)];
        return new([.. solved, .. cells], done => done.Failures(solved.Concat(cells)) is { Length: > 0 } failures
            ? StudyResult.Ended(failures)
            : new LazyScalesResult(model, kernelCell.Of(done), [.. limits.Select(l => l.Of(done))],
                done.Found(cells)).Result(), MemoryText.Networks(model, threads));
    }

    private LazyNetwork Train(CellContext context, int width, int replicate)
    {
        var machine = context.Machine;
        var (gaps, moved) = (new List<double[]>(), new List<Movement>());
        for (var i = 0; i < networks.Length; i++)
        {
            var alpha = FormattableString.Invariant($"alpha={model.Problem.Lazy!.Alphas[i]}");
            var network = MovedNetwork.Train(networks[i], machine, width, replicate, alpha);
            gaps.Add(
            [
                network.Gap(network.Beside(kernel, machine, $"{alpha}, kernel")),
                network.Gap(limits[i].Of(context).Trained),
                network.Gap(network.Beside(corrected[i], machine, $"{alpha}, ic-mf")),
            ]);
            moved.Add(network.Movement);
        }
        var ntk = MovedNetwork.Train(kernel.Model, machine, width, replicate, "ntk");
        return new(width, replicate, gaps, moved, ntk.Movement);
    }
}

/// <summary>
/// A network at every output scale: its gaps at the final time to the kernel limit, the mean-field limit and ic-mf; how
/// far it moved, and how far that of the NTK scaling did.
/// </summary>
internal sealed record LazyNetwork(int Width, int Replicate, IReadOnlyList<double[]> Gaps,
    IReadOnlyList<Movement> Moved, Movement Ntk);
