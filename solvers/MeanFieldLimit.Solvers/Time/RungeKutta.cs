namespace MeanFieldLimit.Solvers.Time;

/// <summary>The Runge-Kutta tables. A new method is one more property here; everything finds it by its name.</summary>
public static class RungeKutta
{
    /// <summary>Explicit Euler, order 1.</summary>
    public static ButcherTable Euler { get; } = new("euler", 1, [0], [[]], [1]);

    /// <summary>The classical method of order 4 (Kutta 1901).</summary>
    public static ButcherTable Classical { get; } = new("runge-kutta-4", 4,
        [0, 1.0 / 2, 1.0 / 2, 1],
        [[], [1.0 / 2], [0, 1.0 / 2], [0, 0, 1]],
        [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6]);

    /// <summary>Order 3 with an embedded 2 (Bogacki and Shampine, Appl. Math. Lett. 2, 1989).</summary>
    public static ButcherTable BogackiShampine { get; } = new("bogacki-shampine", 3,
        [0, 1.0 / 2, 3.0 / 4, 1],
        [[], [1.0 / 2], [0, 3.0 / 4], [2.0 / 9, 1.0 / 3, 4.0 / 9]],
        [2.0 / 9, 1.0 / 3, 4.0 / 9, 0],
        [7.0 / 24, 1.0 / 4, 1.0 / 3, 1.0 / 8], 2)
    {
        Interpolant = new(3, [], [], []),
    };

    /// <summary>
    /// Order 5 with an embedded 4 (Dormand and Prince, J. Comput. Appl. Math. 6, 1980), order 4 inside a step
    /// (Hairer, Norsett and Wanner, Solving ODEs I, II.6).
    /// </summary>
    public static ButcherTable DormandPrince { get; } = new("dormand-prince", 5,
        [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1],
        [
            [],
            [1.0 / 5],
            [3.0 / 40, 9.0 / 40],
            [44.0 / 45, -56.0 / 15, 32.0 / 9],
            [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
            [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
            [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
        ],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0],
        [5179.0 / 57600, 0, 7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40], 4)
    {
        Interpolant = new(4, [], [],
        [
            [
                -12715105075.0 / 11282082432, 0, 87487479700.0 / 32700410799, -10690763975.0 / 1880347072,
                701980252875.0 / 199316789632, -1453857185.0 / 822651844, 69997945.0 / 29380423,
            ],
        ]),
    };

    /// <summary>
    /// Order 8 with embedded 5 and 3, order 7 inside a step (Prince and Dormand 1981; Hairer, Norsett and Wanner): for
    /// tight tolerances and references.
    /// </summary>
    public static ButcherTable DormandPrince8 { get; } = Time.DormandPrince8.Table();

    /// <summary>All tables, found by reflection, ordered by name.</summary>
    public static IReadOnlyList<ButcherTable> All { get; } = [.. typeof(RungeKutta).GetProperties()
        .Where(p => p.PropertyType == typeof(ButcherTable))
        .Select(p => (ButcherTable)p.GetValue(null)!)
        .OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>The table called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ButcherTable Find(string name) =>
        All.FirstOrDefault(t => t.Name == name) ?? throw new ArgumentException(
            $"method '{name}' is unknown; use one of {string.Join(", ", All.Select(t => t.Name))}", nameof(name));
}
