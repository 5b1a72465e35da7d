using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>A method for stochastic equations by its name. Another method is one more entry of <see cref="All"/>.
/// </summary>
public sealed class StochasticMethod
{
    private readonly Func<IStochasticField, IBrownianMotion, IStepper> create;

    private StochasticMethod(string name, double strongOrder, double additiveOrder, double weakOrder,
        Func<double, double, double> longestStep, Func<IStochasticField, IBrownianMotion, IStepper> create) =>
        (Name, StrongOrder, AdditiveOrder, WeakOrder, LongestStep, this.create) =
        (name, strongOrder, additiveOrder, weakOrder, longestStep, create);

    /// <summary>All methods, ordered by name.</summary>
    public static IReadOnlyList<StochasticMethod> All { get; } =
    [
        new("euler-maruyama", 0.5, 1, 1, (rho, square) => (2 * rho - square) / (rho * rho),
            (system, motion) => new EulerMaruyama(system, motion)),
        new("milstein", 1, 1, 1, (rho, square) => (2 * rho - square) / (rho * rho + square * square / 2),
            (system, motion) => new Milstein(system, motion)),
        new("stochastic-heun", 0.5, 1, 1, (rho, _) => 2 / rho,
            (system, motion) => new StochasticHeun(system, motion)),
    ];

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>p: the error at a time is O(h^p) in root mean square.</summary>
    public double StrongOrder { get; }

    /// <summary>The same for noise that does not depend on the state.</summary>
    public double AdditiveOrder { get; }

    /// <summary>q: errors of expectations are O(h^q), whatever the noise.</summary>
    public double WeakOrder { get; }

    /// <summary>The bound of <see cref="MeanSquareStep"/>, of rho and sigma^2 below 2 rho.</summary>
    internal Func<double, double, double> LongestStep { get; }

    /// <summary>The method called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static StochasticMethod Find(string name) =>
        All.FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(
            $"method '{name}' is unknown; use one of {string.Join(", ", All.Select(m => m.Name))}", nameof(name));

    /// <summary>The method on a system with steps of one length, which is refused where it is not stable.</summary>
    /// <exception cref="ArgumentException">The motion's dimension is not that of the noise, or the method does not fit
    /// the noise.</exception>
    public (IStepper Stepper, IStepControl Control) Fixed(
        IStochasticField system, IBrownianMotion motion, double step) =>
        (create(system, motion), new MeanSquareStep(system, step, this));

    internal static IBrownianMotion Matching(IBrownianMotion motion, IStochasticField system) =>
        motion.Dimension == system.NoiseDimension ? motion : throw new ArgumentException(
            $"the noise needs {system.NoiseDimension} motions, got {motion.Dimension}");
}
