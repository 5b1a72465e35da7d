using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Widths of the least predicted gap: beside all widths there are, and in closed form.</summary>
public class WidthChoiceTests
{
    [Theory]
    [InlineData(0.2, 0.3, 3, 1, 400), InlineData(2, 0.1, 10, 4, 900), InlineData(0.05, 1, 1, 1, 250), InlineData(1, 1, 40, 2, 60)]
    public void No_widths_have_a_smaller_gap(double first, double second, int inputs, int outputs, double parameters)
    {
        var choice = new WidthChoice([first, second], Shape(inputs, outputs, 3, BiasMode.Trained));
        var found = choice.Of(parameters)!;
        Assert.True(choice.Parameters(Double(found)) <= parameters);
        var least = double.PositiveInfinity;
        for (var n = 1; n <= parameters; n++)
            for (var m = 1; choice.Parameters([n, m]) <= parameters; m++) least = Math.Min(least, choice.Gap([n, m]));
        // Neurons are whole: the continuous optimum, rounded, may miss the best by a neuron.
        Assert.InRange(choice.Gap(Double(found)) / least, 1, 1.01);
    }

    // N_1 N_2 = P dominates: c_1^2 / N_1 = c_2^2 / N_2.
    [Fact]
    public void Wide_layers_have_widths_as_their_squared_shares()
    {
        var widths = new WidthChoice([0.3, 0.6], Shape(1, 1, 3, BiasMode.None)).Of(1e12)!;
        Assert.Equal(4, (double)widths[1] / widths[0], 1e-4);
        Assert.Equal(1e12, widths[0] * (double)widths[1], 1e7);
    }

    [Fact]
    public void One_hidden_layer_has_all()
    {
        var choice = new WidthChoice([0.7], Shape(5, 2, 2, BiasMode.None));
        Assert.Equal([1000 / 7], choice.Of(1000)!);
        Assert.Equal(choice.Of(1000)!, choice.Equal(1000)!);
    }

    [Fact]
    public void A_layer_without_a_share_is_as_wide_as_the_nearest()
    {
        var widths = new WidthChoice([0.3, 0, 0, 0.6], Shape(2, 1, 5, BiasMode.None)).Of(1e6)!;
        Assert.Equal(widths[0], widths[1]);
        Assert.Equal(widths[2], widths[3]);
        Assert.True(widths[3] > widths[0]);
    }

    [Fact]
    public void Nothing_fits_below_a_network_of_width_1()
    {
        var choice = new WidthChoice([1, 1], Shape(3, 1, 3, BiasMode.None));
        Assert.Null(choice.Of(4));
        Assert.Null(choice.Equal(4));
        Assert.Equal([1, 1], choice.Of(5)!);
        Assert.Throws<ArgumentException>(() => new WidthChoice([0, 0], Shape(3, 1, 3, BiasMode.None)));
    }

    private static Architecture Shape(int inputs, int outputs, int depth, BiasMode biases) =>
        new(inputs, outputs, [.. Enumerable.Repeat(new Tanh(), depth - 1), new Identity()], biases);

    private static double[] Double(int[] widths) => [.. widths.Select(n => (double)n)];
}
