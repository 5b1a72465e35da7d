namespace MeanFieldLimit.Benchmarks.WorkPrecision;

/// <summary>
/// A problem everybody solves: its right-hand side, initial values, final time and the methods it is for.
/// </summary>
internal sealed record Classic(string Name, Classic.RightHandSide Field, double[] Initial, double End,
    double AbsolutePerRelative, string[] Methods) : IVectorField
{
    private static readonly string[] Stiff = ["bdf"], Smooth = ["dormand-prince", "dormand-prince-8"];

    /// <summary>Of a state its velocity.</summary>
    internal delegate void RightHandSide(ReadOnlySpan<double> y, Span<double> v);

    /// <summary>
    /// Robertson (1966) and Van der Pol with mu = 1000 (Hairer and Wanner, Solving ODEs II, IV.1 and IV.10); the
    /// Arenstorf orbit and the Pleiades (Hairer, Norsett and Wanner, Solving ODEs I, II.0 and II.10).
    /// </summary>
    internal static IEnumerable<Classic> All =>
    [
        new("robertson-40", Robertson, [1, 0, 0], 40, 1e-4, Stiff),
        new("robertson", Robertson, [1, 0, 0], 4e4, 1e-4, Stiff),
        new("vanderpol", VanDerPol, [2, 0], 2000, 1, Stiff),
        new("arenstorf", Arenstorf, [0.994, 0, 0, -2.00158510637908252240537862224], 17.0652165601579625588917206249, 1,
            Smooth),
        new("pleiades", Pleiades, [3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5,
            0, 0, 0, -1.25, 1, 0, 0], 3, 1, Smooth),
    ];

    public int Dimension => Initial.Length;

    public void Evaluate(double t, ReadOnlySpan<double> state, Span<double> result) => Field(state, result);

    private static void Robertson(ReadOnlySpan<double> y, Span<double> v)
    {
        v[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
        v[2] = 3e7 * y[1] * y[1];
        v[1] = -v[0] - v[2];
    }

    private static void VanDerPol(ReadOnlySpan<double> y, Span<double> v) =>
        (v[0], v[1]) = (y[1], 1000 * (1 - y[0] * y[0]) * y[1] - y[0]);

    private static void Arenstorf(ReadOnlySpan<double> y, Span<double> v)
    {
        const double mu = 0.012277471, rest = 1 - mu;
        var d1 = Cubed((y[0] + mu) * (y[0] + mu) + y[1] * y[1]);
        var d2 = Cubed((y[0] - rest) * (y[0] - rest) + y[1] * y[1]);
        (v[0], v[1]) = (y[2], y[3]);
        v[2] = y[0] + 2 * y[3] - rest * (y[0] + mu) / d1 - mu * (y[0] - rest) / d2;
        v[3] = y[1] - 2 * y[2] - rest * y[1] / d1 - mu * y[1] / d2;
    }

    /// <summary>x_1..x_7, y_1..y_7, x_1'.., y_1'..; body j has mass j.</summary>
    private static void Pleiades(ReadOnlySpan<double> y, Span<double> v)
    {
        y[14..].CopyTo(v);
        for (var i = 0; i < 7; i++)
        {
            double ax = 0, ay = 0;
            for (var j = 0; j < 7; j++)
            {
                if (j == i) continue;
                double dx = y[j] - y[i], dy = y[7 + j] - y[7 + i], pull = (j + 1) / Cubed(dx * dx + dy * dy);
                ax += pull * dx;
                ay += pull * dy;
            }
            (v[14 + i], v[21 + i]) = (ax, ay);
        }
    }

    private static double Cubed(double square) => square * Math.Sqrt(square);
}
