using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Propagation;

namespace MeanFieldLimit.Tests.Dynamics;

/// <summary>
/// Steps in place of networks on images of three channels, of 13, 30 and 5 channels and points for several shares
/// of products, against a velocity summed term by term.
/// </summary>
public class ImageStepTests
{
    private const double Step = 0.125, Decay = 0.25;
    private const int Points = 80;
    private static readonly Extent Image = new(6, 7), Two = new(2, 2), Three = new(3, 3);
    private static readonly double[] Rates = [0.5, 1, 1.5, 2];

    private static readonly Dictionary<string, ImageLayer[]> Shapes = new()
    {
        ["zeros"] = [new(Three, 1, 1), new(Three, 1, 1), new(Three), new(new(4, 5))],
        ["strides"] = [new(Three, 2, 1), new(Two), new(Two, 2, 1), new(Two)],
        ["circular"] = [new(Three, 1, 1, true), new(Three, 2, 1, true), new(Three, 1, 1, true), new(new(3, 4))],
        ["average"] = [new(Three, 1, 1, Pool: PoolKind.Average), new(Three, 1, 1), new(Two), new(Two)],
        ["max"] = [new(Three, 1, 1), new(Three, 1, 1, Pool: PoolKind.Max), new(Two), new(Two)],
    };

    public static TheoryData<string> Names => [.. Shapes.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_step_in_place_is_that_of_the_definition(string name)
    {
        var (network, data) = Problem(Shapes[name]);
        var v = new TermByTerm(network, Image, Shapes[name]).Velocity(data, Rates, Decay);
        double[] expected = [.. network.State.Zip(v, (w, slope) => w + Step * slope)];
        var after = After(network, data, new ManagedEngine(1));
        // A sum over 80 points and 42 positions is rounded by 3,360 times 2^-53 of its terms at most, 4e-13.
        Near(1e-12, 0);
        Assert.Equal(after, After(network, data, new ManagedEngine(2)));

        after = After(network, data, new ManagedEngine(1, Precision.Single));
        Near(1e-5, 1e-9);
        Assert.Equal(after, After(network, data, new ManagedEngine(2, Precision.Single)));

        // Relative to the largest step of each layer.
        void Near(double most, double least)
        {
            for (var i = 1; i <= network.Depth; i++)
            {
                var (apart, step) = (0.0, 0.0);
                for (var j = 0; j < v.Length; j++)
                {
                    if (network.LayerOf(j) != i) continue;
                    (apart, step) = (Math.Max(apart, Math.Abs(after[j] - expected[j])), Math.Max(step, Step * Math.Abs(v[j])));
                }
                Assert.InRange(apart / step, least, most);
            }
        }
    }

    private static double[] After(Ensemble network, Dataset data, IMatrixEngine engine)
    {
        double[] state = [.. network.State];
        var velocity = new MeanFieldVelocity(network, new HalfSquared(), new FullExpectation(data), engine,
            [.. Rates.Select(rate => new ConstantSchedule(rate))])
        { WeightDecay = Decay };
        Assert.True(velocity.TryStep(0, Step, state));
        return state;
    }

    private static (Ensemble, Dataset) Problem(ImageLayer[] layers)
    {
        var (geometry, below) = (new List<LayerGeometry>(), Image);
        foreach (var layer in layers)
        {
            geometry.Add(layer.Of(below));
            below = geometry[^1].Pooled;
        }
        Assert.Equal(Extent.Point, below);
        int[] sizes = [13, 30, 5];
        var network = new Ensemble(new(3, 2, [new Tanh(), new Tanh(), new Tanh(), new Identity()], BiasMode.Trained,
            geometry: geometry), [.. sizes.Select((n, i) => Shares(n, i))]);
        new RandomStream(2, 0).FillNormal(0, network.State);
        double[] x = new double[Points * 3 * Image.Positions], y = new double[Points * 2];
        new RandomStream(2, 1).FillNormal(0, x);
        new RandomStream(2, 2).FillNormal(0, y);
        return (network, new(3 * Image.Positions, 2, x, y, LabelKind.Real, Shares(Points, 3)));
    }

    private static double[] Shares(int count, int stream)
    {
        var shares = new double[count];
        new RandomStream(3, (ulong)stream).FillUniform(0, shares);
        return [.. shares.Select(p => p / shares.Sum())];
    }
}
