using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// d/dt rho = div(rho grad(V + W * rho + delta F / delta rho)) + D laplace rho, the Wasserstein gradient flow of
/// E(rho) = int V rho + 1/2 int int W(x - y) rho rho + F(rho) + D int rho log rho (Carrillo, McCann and Villani, Rev.
/// Mat. Iberoam. 19, 2003). It is the law of dX = -grad(...) dt + sqrt(2 D) dB. Parts that are not given are absent.
/// </summary>
public sealed record AggregationDiffusion : IDensityEquation
{
    /// <summary>An equation on R^d.</summary>
    /// <param name="dimension">d, 1 or 2.</param>
    /// <param name="diffusion">D, at least 0.</param>
    public AggregationDiffusion(int dimension, double diffusion)
    {
        if (dimension is not (1 or 2))
            throw new ArgumentException($"a density has one or two dimensions, got {dimension}");
        if (!(diffusion >= 0 && double.IsFinite(diffusion)))
            throw new ArgumentException($"the diffusion must be finite and not negative, got {diffusion}");
        (Dimension, Diffusion) = (dimension, diffusion);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>D.</summary>
    public double Diffusion { get; }

    /// <summary>V, of x [d].</summary>
    public Func<double[], double>? Potential { get; init; }

    /// <summary>W, of x - y [d]; even. On periodic axes the displacement is the shorter way round.</summary>
    public Func<double[], double>? Interaction { get; init; }

    /// <summary>F. It sees the centres of the cells and their masses.</summary>
    public IFunctional? Functional { get; init; }

    /// <summary>
    /// -(d - 1) D log r: added to V it makes the equation on the half line the one for the length r = |x| of a
    /// diffusion on R^d, whose density is that of the law of r (no factor r^(d-1) is taken out).
    /// </summary>
    public static Func<double[], double> RadialPotential(int d, double diffusion) =>
        r => -(d - 1) * diffusion * Math.Log(r[0]);

    /// <inheritdoc/>
    public IGridEquation On(Grid grid) => new Discretised(this, grid);

    private sealed class Discretised : IGridEquation, IDensityEnergy
    {
        private readonly AggregationDiffusion equation;
        private readonly double[] potential;
        private readonly double[] variation;
        private readonly double[] scratch;
        private readonly Convolution? convolution;
        private readonly double largest;

        internal Discretised(AggregationDiffusion equation, Grid grid)
        {
            if (grid.Dimension != equation.Dimension)
                throw new ArgumentException($"the grid must have the equation's dimension {equation.Dimension}, it has "
                    + $"{grid.Dimension}");
            if (equation.Functional is { } f && f.Dimension != grid.Dimension)
                throw new ArgumentException("the functional must have the equation's dimension "
                    + $"{equation.Dimension}, it has {f.Dimension}");
            (this.equation, Grid) = (equation, grid);
            (potential, variation, scratch) = (new double[grid.Count], new double[grid.Count], new double[grid.Count]);
            if (equation.Potential is { } v)
            {
                var x = new double[grid.Dimension];
                for (var cell = 0; cell < potential.Length; cell++)
                {
                    Array.Copy(grid.Centres, cell * x.Length, x, 0, x.Length);
                    potential[cell] = v(x);
                    if (!double.IsFinite(potential[cell]))
                        throw new ArgumentException($"the potential must be finite on the grid, at "
                            + $"({string.Join(", ", x)}) it is {potential[cell]}: move the ends of the grid");
                }
                largest = Math.Abs(TensorPrimitives.MaxMagnitude(potential));
            }
            if (equation.Interaction is { } w) convolution = new(grid, w);
        }

        public Grid Grid { get; }

        public IDensityEnergy Energy => this;

        public double Diffusion => equation.Diffusion;

        public double Magnitude => largest + (convolution?.Largest ?? 0);

        public void Evaluate(double t, ReadOnlySpan<double> masses, FaceCoefficients faces)
        {
            Potential(masses, variation);
            Descend(variation, faces);
        }

        public double Potential(ReadOnlySpan<double> masses, Span<double> variation)
        {
            potential.CopyTo(variation);
            var energy = TensorPrimitives.Dot(potential, masses);
            if (convolution is not null)
            {
                convolution.Apply(masses, scratch);
                energy += 0.5 * TensorPrimitives.Dot(scratch, masses);
                TensorPrimitives.Add(variation, scratch, variation);
            }
            if (equation.Functional is { } f)
            {
                energy += f.Value(Grid.Centres, masses);
                f.FirstVariation(Grid.Centres, masses, scratch);
                if (TimeLoop.NonFiniteIndex(scratch) is var cell and >= 0)
                    throw new ArgumentException("the first variation of a functional must be finite, in cell "
                        + $"{cell} it is {scratch[cell]}: see what the functional does at such points");
                TensorPrimitives.Add(variation, scratch, variation);
            }
            return energy;
        }

        public void Descend(ReadOnlySpan<double> variation, FaceCoefficients faces)
        {
            for (var k = 0; k < Grid.Dimension; k++)
            {
                Array.Fill(faces.Diffusion[k], equation.Diffusion);
                var velocity = faces.Velocity[k];
                int n = Grid.Axes[k].Cells, stride = Grid.Stride(k);
                var slope = -1 / Grid.Axes[k].Spacing;
                var around = Grid.Axes[k].Periodic ? slope : 0;
                for (var line = 0; line < Grid.Count / n; line++)
                {
                    var cell = Grid.LineStart(k, line);
                    for (var i = 0; i < n - 1; i++, cell += stride)
                        velocity[cell] = slope * (variation[cell + stride] - variation[cell]);
                    velocity[cell] = around * (variation[cell - (n - 1) * stride] - variation[cell]);
                }
            }
        }
    }
}
