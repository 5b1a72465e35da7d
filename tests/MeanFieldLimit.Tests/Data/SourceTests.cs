using MeanFieldLimit.Data;
using MeanFieldLimit.Data.Targets;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Tests.Data;

public class SourceTests
{
    private static Dataset Draw(IDataSource source, int count, int inputs, ulong first = 0)
    {
        var data = new Dataset(inputs, 1, new double[count * inputs], new double[count], LabelKind.Signs);
        source.Draw(new(11, 3), first, data);
        return data;
    }

    [Fact]
    public void Isotropic_gaussians_have_two_scales()
    {
        const int n = 20_000, d = 8;
        var data = Draw(new IsotropicGaussians(0.4), n, d);
        foreach (var (y, scale) in new[] { (-1.0, 0.6), (1.0, 1.4) })
        {
            var chosen = Enumerable.Range(0, n).Where(i => data.Label(i)[0] == y).ToArray();
            // A share of 1/2 within z = 4.5 standard errors sqrt(n)/2; |x|^2/d has mean scale^2 and variance
            // 2 scale^4 / d.
            Assert.InRange(chosen.Length - n / 2.0, -4.5 * Math.Sqrt(n) / 2, 4.5 * Math.Sqrt(n) / 2);
            var mean = chosen.Average(i => data.Input(i).ToArray().Average(x => x * x));
            var error = 4.5 * scale * scale * Math.Sqrt(2.0 / d / chosen.Length);
            Assert.InRange(mean - scale * scale, -error, error);
        }
    }

    [Fact]
    public void Draws_are_a_function_of_their_number()
    {
        var source = new IsotropicGaussians(0.4);
        var (all, later) = (Draw(source, 10, 3), Draw(source, 4, 3, first: 6));
        Assert.Equal(all.X[18..], later.X);
        Assert.Equal(all.Y[6..], later.Y);
    }

    [Fact]
    public void Sphere_inputs_have_norm_one_and_targets_their_value()
    {
        var data = Draw(new LabelledInputs(sphere: true, new Product().Value, 0), 50, 4);
        for (var n = 0; n < 50; n++)
        {
            var x = data.Input(n).ToArray();
            Assert.Equal(1, x.Sum(v => v * v), 1e-13);
            Assert.Equal(x[0] * x[1], data.Label(n)[0]);
        }
    }

    [Fact]
    public void Noise_has_the_variance_asked_for()
    {
        const int n = 20_000;
        var data = Draw(new LabelledInputs(sphere: false, x => 0, 0.3), n, 2);
        var variance = data.Y.Average(y => y * y);
        Assert.InRange(variance - 0.09, -4.5 * 0.09 * Math.Sqrt(2.0 / n), 4.5 * 0.09 * Math.Sqrt(2.0 / n));
    }

    [Fact]
    public void A_teacher_is_the_network_it_says()
    {
        RandomStream inner = new(2, 0), outer = new(2, 1);
        var teacher = Teacher.Draw(2, 3, new Relu(), inner, outer);
        double[] x = [0.4, -1.2];
        var expected = Enumerable.Range(0, 3).Average(j =>
            outer.Normal((ulong)j) * Math.Max(0,
                inner.Normal((ulong)(2 * j)) * x[0] + inner.Normal((ulong)(2 * j + 1)) * x[1]));
        Assert.Equal(expected, teacher.Value(x), 1e-14);
    }

    [Fact]
    public void Batches_depend_on_the_step_alone()
    {
        var data = new Dataset(1, 1, [.. Enumerable.Range(0, 100).Select(i => (double)i)], new double[100],
            LabelKind.Real);
        BatchExpectation Batches() => new(new EmpiricalSource(data), new(1, 2), 0.01, 8, data);
        var (forward, again) = (Batches(), Batches());
        var seventh = forward.At(0.07, []).X.ToArray();
        foreach (var t in new[] { 0.02, 0.03, 0.0700000001 }) again.At(t, []);
        Assert.Equal(seventh, again.At(0.07, []).X);
        Assert.NotEqual(seventh, again.At(0.08, []).X.ToArray());
    }
}
