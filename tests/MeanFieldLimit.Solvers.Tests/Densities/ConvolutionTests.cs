namespace MeanFieldLimit.Solvers.Tests.Densities;

public class ConvolutionTests
{
    [Theory]
    [InlineData(7, 0, false)]
    [InlineData(64, 0, false)]
    [InlineData(10, 0, true)]
    [InlineData(5, 33, false)]
    [InlineData(40, 9, true)]
    [InlineData(17, 4, false)]
    public void It_is_the_sum_over_cells(int rows, int columns, bool circles)
    {
        var end = circles ? AxisEnd.Periodic : AxisEnd.Cut;
        Axis Of(int n) => new(-1, 2, n, end, end);
        var grid = columns == 0 ? new Grid(Of(rows)) : new Grid(Of(rows), Of(columns));
        const double turn = 2 * Math.PI / 3;     // so that the kernel is one on circles, of length 3, as well
        static double Kernel(double[] z) => Math.Exp(Math.Cos(turn * z[0]))
            + (z.Length == 2 ? Math.Cos(turn * (2 * z[0] - z[1])) * (1 + Math.Cos(turn * z[1])) : 0);
        double[] masses = new double[grid.Count], result = new double[grid.Count];
        new RandomStream(1, 2).FillNormal(0, masses);
        new Convolution(grid, Kernel).Apply(masses, result);
        var d = grid.Dimension;
        for (var i = 0; i < grid.Count; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < grid.Count; j++)
            {
                var z = new double[d];
                for (var k = 0; k < d; k++)
                {
                    z[k] = grid.Centres[i * d + k] - grid.Centres[j * d + k];
                    if (circles) z[k] = Math.IEEERemainder(z[k], 3);
                }
                sum += Kernel(z) * masses[j];
            }
            Assert.Equal(sum, result[i], 1e-11);
        }
    }

    [Fact]
    public void A_kernel_that_is_not_even_or_not_finite_is_refused()
    {
        var grid = new Grid(new Axis(0, 1, 8));
        Assert.Contains("even", Assert.Throws<ArgumentException>(() => new Convolution(grid, z => z[0])).Message);
        Assert.Contains("mean over a cell",
            Assert.Throws<ArgumentException>(() => new Convolution(grid, z => -Math.Log(Math.Abs(z[0])))).Message);
    }
}
