namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A way through time by its name: a stepper, and the control of its steps. A new Runge-Kutta table is one more by
/// being there; another method is one more entry of <see cref="All"/>.
/// </summary>
public sealed class TimeMethod
{
    private readonly Func<IVectorField, Tolerance, IErrorNorm, int, (IStepper, IStepControl)> adaptive;
    private readonly Func<Tolerance, double> vectors;
    private readonly ButcherTable? table;

    private TimeMethod(string name, int order, Func<Tolerance, double> vectors,
        Func<IVectorField, Tolerance, IErrorNorm, int, (IStepper, IStepControl)> adaptive)
    {
        (Name, Order, EstimatesError, this.adaptive, this.vectors) = (name, order, true, adaptive, vectors);
    }

    private TimeMethod(ButcherTable table)
        : this(table.Name, table.Order, _ => RungeKuttaStepper.Vectors(table), (system, tolerance, norm, _) =>
            (new RungeKuttaStepper(table, system, (tolerance, norm)), new PiControl(tolerance, norm)))
    {
        (this.table, EstimatesError) = (table, table.EstimatesError);
    }

    /// <summary>All methods, ordered by name.</summary>
    public static IReadOnlyList<TimeMethod> All { get; } =
    [
        .. RungeKutta.All.Select(table => new TimeMethod(table))
            .Append(new("chebyshev", 2, _ => ChebyshevStepper.Vectors, (system, tolerance, norm, _) =>
                (new ChebyshevStepper(system, tolerance, norm), new PiControl(tolerance, norm))))
            .Append(new("bdf", BackwardDifferences.HighestOrder, _ => BackwardDifferences.Vectors,
                (system, tolerance, norm, _) => Both(new BackwardDifferences(system, tolerance, norm)))
            {
                MostDimensions = BackwardDifferences.MostDimensions,
            })
            .Append(new("auto", RungeKutta.DormandPrince8.Order,
                tolerance => AutomaticMethod.Vectors(tolerance), (system, tolerance, norm, most) =>
                Both(new AutomaticMethod(system, tolerance, norm, most))))
            .OrderBy(method => method.Name, StringComparer.Ordinal),
    ];

    /// <summary>Name in problem files.</summary>
    public string Name { get; }

    /// <summary>The order, or the highest one.</summary>
    public int Order { get; }

    /// <summary>Whether it chooses its steps from a tolerance; otherwise it needs a step.</summary>
    public bool EstimatesError { get; }

    /// <summary>The largest system that it takes.</summary>
    public int MostDimensions { get; private init; } = int.MaxValue;

    /// <summary>The method called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TimeMethod Find(string name) =>
        All.FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(
            $"method '{name}' is unknown; use one of {string.Join(", ", All.Select(m => m.Name))}", nameof(name));

    /// <summary>Vectors of the state's length that it holds at most, beside those of the time loop.</summary>
    public double Vectors(Tolerance tolerance) => vectors(tolerance) + (EstimatesError ? SlidingMethod.Vectors : 0);

    /// <summary>How many of these are in factors on an <see cref="IFactoredField"/>.</summary>
    public int FactoredVectors =>
        table is not null && RungeKuttaStepper.KeepsFactors(table) ? RungeKuttaStepper.Slopes(table) : 0;

    /// <summary>The method on a system, with steps for a tolerance; it slides where the system has kinks.</summary>
    /// <param name="system">The system.</param>
    /// <param name="tolerance">What a step may err.</param>
    /// <param name="norm">How the error of a step becomes one number.</param>
    /// <param name="mostImplicit">auto: the largest system that may go over to differentiation formulas.</param>
    /// <exception cref="InvalidOperationException">It does not estimate its error.</exception>
    /// <exception cref="ArgumentException">The system is too large.</exception>
    public (IStepper Stepper, IStepControl Control) Adaptive(IVectorField system, Tolerance tolerance, IErrorNorm norm,
        int mostImplicit = AutomaticMethod.SmallSystem)
    {
        if (!EstimatesError) throw new InvalidOperationException($"'{Name}' has no error estimate; use a fixed step");
        var (stepper, control) = adaptive(system, tolerance, norm, mostImplicit);
        return Both(new SlidingMethod(system, tolerance, norm, stepper, control));
    }

    /// <summary>The method on a system, with steps of one length in units of time.</summary>
    /// <exception cref="InvalidOperationException">It is not a Runge-Kutta method.</exception>
    public (IStepper Stepper, IStepControl Control) Fixed(IVectorField system, double step) => table is not null
        ? (new RungeKuttaStepper(table, system), new FixedStep(step))
        : throw new InvalidOperationException($"'{Name}' chooses its steps; give it a tolerance");

    private static (IStepper, IStepControl) Both<T>(T method) where T : IStepper, IStepControl => (method, method);
}
