namespace MeanFieldLimit.Validation.Studies.Planes;

/// <summary>What goes as a power of the width: sizes at initialization, and what a step changes.</summary>
internal enum PlaneQuantity
{
    /// <summary>|f| at initialization.</summary>
    Function,

    /// <summary>|K|, K = K_a + K_w the tangent kernel with its learning rates.</summary>
    Kernel,

    /// <summary>|K_a|, of outgoing weights.</summary>
    KernelOutgoing,

    /// <summary>|K_w|, of incoming weights.</summary>
    KernelIncoming,

    /// <summary>|K' - K| / |K|, K' after the step.</summary>
    KernelChange,

    /// <summary>The same of K_a.</summary>
    KernelOutgoingChange,

    /// <summary>The same of K_w.</summary>
    KernelIncomingChange,

    /// <summary>|f' - f|, f' after the step.</summary>
    FunctionChange,
}

/// <summary>
/// A line of the plane of exponents, Sum q_sigma + Rate q + Constant = 0, q that of both learning rates: on it one of
/// the four conditions that a finite network meets is met by its limit (Golikov 2020, arXiv:2006.06574).
/// </summary>
internal sealed record PlaneLine(string Label, double Sum, double Rate, double Constant)
{
    /// <summary>Of conditions 1 to 4, in their order.</summary>
    internal static IReadOnlyList<PlaneLine> All { get; } =
    [
        new("f finite", 1, 0, 0.5),
        new("kernel finite", 2, 1, 1),
        new("kernel of the order of f", 1, 1, 0.5),
        new("kernel evolves", 1, 1, 0),
    ];
}

/// <summary>A point of the plane of exponents, and the powers of the width that theory has there.</summary>
/// <remarks>
/// With s^l the slope l'(f) of the loss, weights move by s^m, m_a = q_sigma + q_a + l, m_w = q_sigma + q_w + l. As the
/// a_r are centred, what is odd in them is a random sum, s^(-1/2) times what is even: kernels change by
/// max(m - 1/2, 2 m), f by its even first order, 2 q_sigma + q + 1 + l. These series are in the movement of w, f being
/// linear in a: beyond m_w = 0 what a step does depends on the activation far out, and no power is predicted.
/// </remarks>
internal sealed record PlanePoint(string Name, ScalingExponents Exponents)
{
    // Halfway between the lines, as far as points of a square grid can be.
    private static readonly double[] Sums = [-1.3, -0.8, -0.3, 0.2], Rates = [-0.55, -0.05, 0.45, 0.95, 1.45];

    /// <summary>Those with a name, then a grid of points off the lines.</summary>
    internal static IReadOnlyList<PlanePoint> All { get; } =
    [
        .. ScalingExponents.Named.Select(named => new PlanePoint(Names.Of(named.Key), named.Value)),
        .. from sum in Sums
           from rate in Rates
           select new PlanePoint(FormattableString.Invariant($"{sum}:{rate}"), new(sum, rate, rate)) { IsOff = true },
    ];

    /// <summary>q: the larger of those of the two learning rates.</summary>
    internal double Rate => Math.Max(Exponents.Outgoing, Exponents.Incoming);

    /// <summary>Whether it is one of the grid, off the lines.</summary>
    internal bool IsOff { get; init; }

    /// <summary>
    /// The power of s in a quantity, under a loss whose slope grows like |f|^<paramref name="lossGrowth"/>; NaN where
    /// none is predicted.
    /// </summary>
    internal double Theory(PlaneQuantity quantity, double lossGrowth = 0)
    {
        var ofLoss = lossGrowth * Math.Max(0, Exponents.Initial);
        double Kernel(double rate) => 2 * Exponents.Sum + 1 + rate;
        var (outgoing, incoming) = (Kernel(Exponents.Outgoing), Kernel(Exponents.Incoming));
        double Moved(double rate) => Exponents.Sum + rate + ofLoss;
        double Change(double moved) => Math.Max(moved - 0.5, 2 * moved);
        var ofOutgoing = Change(Moved(Exponents.Incoming));
        var ofIncoming = Change(Moved(Rate));
        var predicted = Moved(Exponents.Incoming) <= 0;
        return quantity switch
        {
            PlaneQuantity.Function => Exponents.Initial,
            PlaneQuantity.Kernel => Exponents.Growth,
            PlaneQuantity.KernelOutgoing => outgoing,
            PlaneQuantity.KernelIncoming => incoming,
            _ when !predicted => double.NaN,
            PlaneQuantity.KernelChange =>
                Math.Max(outgoing + ofOutgoing, incoming + ofIncoming) - Exponents.Growth,
            PlaneQuantity.KernelOutgoingChange => ofOutgoing,
            PlaneQuantity.KernelIncomingChange => ofIncoming,
            _ => Exponents.Growth + ofLoss,
        };
    }
}
