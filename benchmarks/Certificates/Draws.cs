using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>Successive draws of one stream.</summary>
internal sealed class Draws(RandomStream stream)
{
    private ulong next;

    internal int Below(int n) => stream.Below(next++, n);

    internal bool OneIn(int n) => Below(n) == 0;

    internal double Between(double low, double high) => low + (high - low) * stream.Uniform(next++);

    internal T OneOf<T>(params T[] choices) => choices[Below(choices.Length)];

    internal double[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => stream.Normal(next++))];

    /// <summary>Normal inputs with labels in (-1, 1), or -1 and +1.</summary>
    internal PointsData Points(int points, int inputs, bool signs) => new()
    {
        X = [.. Enumerable.Range(0, points).Select(_ => Normals(inputs))],
        Y = [.. Enumerable.Range(0, points).Select(_ =>
            (double[])[signs ? Below(2) * 2 - 1 : Between(-1, 1)])],
    };

    /// <summary>A law of mean and spread about 1; <paramref name="continuous"/>: Gaussian or uniform.</summary>
    internal LawSpec Law(double mean, bool continuous = false)
    {
        var spread = Between(0.3, 1.2);
        return Below(continuous ? 4 : 6) switch
        {
            <= 2 => new GaussianLaw { Mean = mean, Std = spread },
            3 => new UniformLaw { Low = mean - 1.7 * spread, High = mean + 1.7 * spread },
            4 => new RademacherLaw { Mean = mean, Scale = spread },
            _ => new ConstantLaw { Value = mean == 0 ? spread : mean },
        };
    }

    /// <summary>A rule of a family for types of some random coordinates, of a size that leaves an error.</summary>
    internal RuleSpec Rule(RuleFamily family, int coordinates) => family switch
    {
        _ when coordinates == 0 => new GaussSpec { Nodes = 1 },
        RuleFamily.Gauss => new GaussSpec { Nodes = 1 + Below(coordinates == 1 ? 20 : coordinates == 2 ? 9 : 5) },
        RuleFamily.Panels => new PanelSpec { Nodes = 8 * (1 + Below(coordinates == 1 ? 8 : coordinates == 2 ? 3 : 1)) },
        RuleFamily.Smolyak => new SmolyakSpec { Level = 1 + Below(6) },
        RuleFamily.Sobol => new SobolSpec { Nodes = 32 << Below(5) },
        _ => new MonteCarloSpec { Nodes = 50 + Below(450) },
    };
}

/// <summary>Kinds of quadrature rules.</summary>
public enum RuleFamily
{
    /// <summary>Tensor grids of Gauss rules.</summary>
    Gauss,

    /// <summary>Tensor grids of composite rules.</summary>
    Panels,

    /// <summary>Sparse grids.</summary>
    Smolyak,

    /// <summary>Scrambled Sobol' points.</summary>
    Sobol,

    /// <summary>Independent points.</summary>
    MonteCarlo,
}
