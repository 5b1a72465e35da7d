using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies.Lazy;

/// <summary>
/// A network without a scaling, of any depth: its mean-field limit and networks beside it, and the kernel limit of the
/// same layers beside networks of the NTK scaling. With three hidden layers or more, s(0) = 0 and centred weights the
/// mean-field limit stays at f = 0 (Golikov 2020, arXiv:2003.05884), the kernel limit does not.
/// </summary>
internal sealed class LazyWidths
{
    private readonly Model model;
    private readonly KernelLimit kernel;
    private readonly LimitCell limit;
    private readonly IReadOnlyList<Cell<DeepNetwork>> cells;

    internal LazyWidths(Model model)
    {
        (this.model, kernel, limit) = (model, new(LazyScales.Kernel(model)), new(model, "mean-field/limit"));
        cells = CouplingCells.Each(model, [], (context, width, replicate) => Train(context.Machine, width, replicate));
    }

    internal StudyPlan Plan(int threads) => new([limit.Cell, .. cells],
        done => done.Failures([limit.Cell, .. cells]) is { Length: > 0 } failures ? StudyResult.Ended(failures)
            : Result(limit.Of(done), [.. done.Found(cells).OrderBy(n => n.Width).ThenBy(n => n.Replicate)]),
        MemoryText.Networks(model, threads));

    private DeepNetwork Train(Machine machine, int width, int replicate)
    {
        var meanField = MovedNetwork.Train(model, machine, width, replicate, "mean-field");
        var ntk = MovedNetwork.Train(kernel.Model, machine, width, replicate, "ntk");
        return new(width, replicate, Part.Of(meanField), Part.Of(ntk),
            [.. LazyFigures.Train(ntk.Beside(kernel, machine, "kernel").Trajectory)]);
    }

    private StudyResult Result(LimitSolution solution, DeepNetwork[] networks)
    {
        var (widths, moved) = (model.Problem.Couple.Widths, Movement.Of(solution));
        var largest = solution.Trajectory.Predictions.Max(p => p.Max(Math.Abs));
        // Where the limit moves, so do wide networks.
        double? stays = moved.Weights > 0 ? 0 : null;
        var (ntkWeights, ntkKernel) =
            MovementRate.Of(model, "ntk", [.. networks.Select(n => n.Ntk.Movement)], -0.5, -1);
        var (weights, tangent) =
            MovementRate.Of(model, "mean-field", [.. networks.Select(n => n.MeanField.Movement)], stays, stays);
        var outputs =
            MovementRate.Of(model, "mean-field", "outputs", stays, [.. networks.Select(n => n.MeanField.Change)]);
        MovementRate[] rates = [ntkWeights, ntkKernel, weights, tangent, outputs];
        DeepNetwork[] widest = [.. networks.Where(n => n.Width == widths[^1])];
        var (ntkRisk, kernelRisk) = (widest.Average(n => n.Ntk.Risks[^1]), widest.Average(n => n.KernelLimit[^1]));
        double start = solution.Trajectory.Train[0].Risk, end = solution.Trajectory.Train[^1].Risk;
        var headline = (moved.Weights == 0
            ? $"The mean-field limit does not move: its outputs are at most {LimitText.Short(largest)}, its risk " +
                $"stays at {LimitText.Short(end)}. "
            : $"The mean-field limit moves: its weights by {LimitText.Short(100 * moved.Weights)} %, its risk from " +
                $"{LimitText.Short(start)} to {LimitText.Short(end)}. ") +
            $"{outputs.Law.Sentence("The change of outputs of networks beside it", "N")}. The kernel limit of the " +
            $"same layers comes to a risk of {LimitText.Short(kernelRisk)}, networks of the NTK scaling of width " +
            $"{widths[^1]} to {LimitText.Short(ntkRisk)}. " +
            $"{ntkWeights.Law.Sentence("The movement of their weights", "N")}; " +
            $"{ntkKernel.Law.Sentence("that of their tangent kernel", "N")} (theory: N^-0.5, N^-1).";
        return new(headline,
            [
                Finding.Of("limit-weights", moved.Weights, "relative movement of the weights of the mean-field limit"),
                Finding.Of("limit-kernel", moved.Kernel, "the same of its tangent kernel"),
                Finding.Of("limit-largest-output", largest, "largest |output| of the mean-field limit over time"),
                Finding.Of("limit-risk", end, "risk of the mean-field limit at the final time"),
                Finding.Of("kernel-risk", kernelRisk, "that of the kernel limit from the initial functions of the " +
                    "widest networks, mean over seeds"),
                Finding.Of("ntk-risk", ntkRisk, "that of these networks of the NTK scaling"),
                .. rates.Select(r => r.Finding),
            ],
            [
                new("study", ["width", "meanFieldRisk", "meanFieldLimitRisk", "ntkRisk", "kernelLimitRisk"],
                    widths.Select(n => networks.Where(m => m.Width == n).ToArray()).Select(g => (object[])[g[0].Width,
                        g.Average(m => m.MeanField.Risks[^1]), end, g.Average(m => m.Ntk.Risks[^1]),
                        g.Average(m => m.KernelLimit[^1])]),
                    "Training risk at the final time, means over seeds: networks without a scaling beside the " +
                    "mean-field limit, networks of the NTK scaling beside the kernel limit from their initial " +
                    "functions."),
                MovementRate.Table(rates, widths),
            ])
        {
            Limit = solution,
            Figures =
            [
                LazyFigures.Widths(solution, widest),
                SeriesFigure.Draw("risk-width", "Training risk at the final time against the width, means over " +
                    "seeds: networks, and the limits beside them.", Scale.Widths(widths),
                    new("risk E[l(\u0177, y)]", true),
                    [
                        Against("networks, mean-field", n => n.MeanField.Risks[^1]),
                        Against("mean-field limit", _ => end),
                        Against("networks, ntk", n => n.Ntk.Risks[^1]),
                        Against("kernel limit", n => n.KernelLimit[^1]),
                    ]),
                MovementRate.Figure(rates, widths),
            ],
        };

        Series Against(string label, Func<DeepNetwork, double> value) => new(label, widths,
            [.. widths.Select(n => networks.Where(m => m.Width == n).Average(value))]);
    }
}

/// <summary>
/// Networks of both scalings, and the risks of the kernel limit from the second one's initial function.
/// </summary>
internal sealed record DeepNetwork(int Width, int Replicate, Part MeanField, Part Ntk, double[] KernelLimit);

/// <summary>How far a network moved, its risks at the save times, and the rms change of its outputs.</summary>
internal sealed record Part(Movement Movement, double[] Risks, double Change)
{
    internal static Part Of(MovedNetwork network) => new(network.Movement,
        [.. LazyFigures.Train(network.Trained.Trajectory)], network.Trained.Trajectory.RmsChange);
}
