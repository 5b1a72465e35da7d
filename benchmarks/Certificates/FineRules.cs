using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>
/// Two fine discretisations of different kinds to tell true errors by. Smooth: Gauss and panels. Kinked: panels and
/// scrambled Sobol points, whose error in one coordinate falls like N^-1.5 at a kink too.
/// </summary>
internal static class FineRules
{
    /// <summary>The rules of the truth, not of the kind of <paramref name="own"/>, and those of its check.</summary>
    /// <param name="coordinates">Random coordinates of the types of each hidden layer.</param>
    /// <param name="kinked">Whether the activation has a kink.</param>
    /// <param name="own">The kind of what is to be judged.</param>
    /// <param name="judged">
    /// Its rules, where they may be as fine as these: smooth grids are then half as fine again.
    /// </param>
    internal static (IReadOnlyList<RuleSpec> Truth, IReadOnlyList<RuleSpec> Check) Of(int[] coordinates, bool kinked,
        RuleFamily own, IReadOnlyList<RuleSpec>? judged = null)
    {
        var alone = coordinates.Count(n => n > 0) <= 1;
        int Finer(int nodes, int layer) => !kinked && judged?[layer] is GaussSpec gauss
            ? Math.Max(nodes, Math.Min(GaussRule.MaxNodes, 3 * gauss.Nodes / 2))
            : nodes;
        RuleSpec[] panels = [.. coordinates.Select((n, i) =>
            new PanelSpec { Nodes = Finer(Panels(n, kinked, alone), i) })];
        RuleSpec[] others = [.. coordinates.Select<int, RuleSpec>((n, i) =>
            kinked ? Points(n, alone) : new GaussSpec { Nodes = Finer(Gauss(n, alone), i) })];
        return own == RuleFamily.Panels || !kinked && own is RuleFamily.Sobol or RuleFamily.MonteCarlo
            ? (others, panels)
            : (panels, others);
    }

    private static int Gauss(int coordinates, bool alone) =>
        coordinates switch { 0 => 1, 1 => alone ? 64 : 40, 2 => alone ? 32 : 18, _ => 20 };

    private static int Panels(int coordinates, bool kinked, bool alone) => (coordinates, kinked) switch
    {
        (0, _) => 8,
        (1, false) => alone ? 96 : 64,
        (1, true) => alone ? 256 : 128,
        (2, false) => alone ? 48 : 24,
        (2, true) => alone ? 96 : 24,
        _ => 32,
    };

    private static SobolSpec Points(int coordinates, bool alone) => new()
    {
        Nodes = coordinates switch { 0 => 1, <= 2 => alone ? 8192 : 512, _ => 16384 },
    };
}
