namespace MeanFieldLimit.Solvers.Tests.Sparse;

public class FrankWolfeTests
{
    /// <summary>Of an independent program (NumPy), certified there within 6e-15.</summary>
    private const double Infimum = 0.14320576743161034, Multiplier = 0.021751616794598652;

    [Fact]
    public void The_infimum_is_that_of_an_independent_program()
    {
        var found = FrankWolfe.Minimise(Ridges.Reference, Ridges.Reference.Circle, mass: 3);
        Assert.Equal(Infimum, found.Value, 1e-13);
        Assert.InRange(found.Gap, 0, 1e-13);
        Assert.Equal(3, found.Mass, 1e-12);
        Assert.Equal(Multiplier, found.Level, 1e-10);
        Assert.Equal(4, found.Masses.Length);
    }

    /// <summary>The multiplier of the bound is the price at which the mass is the bound by itself.</summary>
    [Fact]
    public void A_price_and_a_bound_have_one_minimiser()
    {
        var ridges = Ridges.Reference;
        var found = FrankWolfe.Minimise(ridges, ridges.Circle, ridges.AtNothing / Multiplier, Multiplier);
        Assert.Equal(Infimum + 3 * Multiplier, found.Value, 1e-13);
        Assert.Equal(3, found.Mass, 1e-8);
    }

    [Theory]
    [InlineData(8, false, false), InlineData(20, false, false), InlineData(50, false, false)]
    [InlineData(8, true, false), InlineData(20, true, false), InlineData(50, true, false)]
    [InlineData(20, false, true), InlineData(20, true, true)]
    public void Duality_gaps_of_random_problems_are_below_1e_8(int points, bool smooth, bool logistic)
    {
        var ridges = Ridges.Random(points, points, smooth, logistic);
        foreach (var (mass, price) in new[] { (1.0, 0.0), (10, 0), (100, 0), (ridges.AtNothing / 0.01, 0.01) })
        {
            var found = FrankWolfe.Minimise(ridges, ridges.Circle, mass, price);
            Assert.InRange(found.Gap, 0, 1e-8);
            Assert.InRange(found.Mass, 0, mass * (1 + 1e-12));
        }
    }

    [Theory]
    [InlineData(8, false), InlineData(8, true), InlineData(20, true)]
    public void The_penalised_infimum_is_that_of_a_descent_on_a_fine_grid(int points, bool smooth)
    {
        var ridges = Ridges.Random(1, points, smooth);
        var found = FrankWolfe.Minimise(ridges, ridges.Circle, ridges.AtNothing / 0.05, 0.05);
        var (value, gap) = ridges.Descend(1000, 0.05, 4000);
        Assert.InRange(gap, 0, 0.05);
        Assert.InRange(found.Value, value - gap, value + 1e-12);
    }
}
