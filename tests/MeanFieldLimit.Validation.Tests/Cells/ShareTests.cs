using CsCheck;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class ShareTests
{
    private sealed record Nothing;

    private static Plan PlanOf(params double[] costs) => new(
        [.. costs.Select((cost, n) => new Cell<Nothing>($"{n}", cost, [], _ => new()))], (_, _) => new(""));

    [Fact]
    public void Shares_are_a_partition_and_none_exceeds_another_by_more_than_a_cell() =>
        Gen.Select(Gen.Double[0, 10].Array[1, 40], Gen.Int[1, 8]).Sample((costs, of) =>
        {
            var plan = PlanOf(costs);
            HashSet<ICell>[] shares = [.. Enumerable.Range(1, of).Select(n => new Share(n, of).Take(plan))];
            Assert.Equal(costs.Length, shares.Sum(s => s.Count));
            Assert.Equal(costs.Length, shares.SelectMany(s => s).Distinct().Count());
            double[] loads = [.. shares.Select(s => s.Sum(c => c.Cost))];
            // The last cell that a share has was given to it as the one with the least.
            for (var n = 0; n < of; n++)
                if (shares[n].Count > 0)
                    Assert.True(loads[n] - shares[n].Min(c => c.Cost) <= loads.Min() + 1e-9);
        });

    [Fact]
    public void The_order_of_the_cells_does_not_matter()
    {
        var (a, b) = (PlanOf(1, 3, 3, 2, 0), PlanOf(1, 3, 3, 2, 0));
        var reversed = new Plan([.. b.Cells.Reverse()], (_, _) => new(""));
        for (var n = 1; n <= 2; n++)
            Assert.Equal(new Share(n, 2).Take(a).Select(c => c.Key).Order(),
                new Share(n, 2).Take(reversed).Select(c => c.Key).Order());
    }

    [Theory]
    [InlineData("3/16", 3, 16)]
    [InlineData("1/1", 1, 1)]
    public void A_share_is_written_as_a_fraction(string text, int number, int of) =>
        Assert.Equal(new(number, of), Share.Parse(text));

    [Theory]
    [InlineData("0/3"), InlineData("4/3"), InlineData("1"), InlineData("1/2/3"), InlineData("a/3"), InlineData("1 /3")]
    [InlineData("-1/3"), InlineData("")]
    public void Anything_else_is_none(string text) => Assert.Null(Share.Parse(text));

    [Theory]
    [InlineData("SLURM_PROCID=2 SLURM_NTASKS=3 PMI_RANK=0 PMI_SIZE=5", "3/3")]
    [InlineData("SLURM_PROCID=2 SLURM_NTASKS=3 SLURM_JOB_ID=7 SLURM_STEP_ID=0", "3/3")]
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2 PMI_RANK=1 PMI_SIZE=2", "1/2")]
    [InlineData("PMI_RANK=7 PMI_SIZE=8", "8/8")]
    // mpiexec inside of a script of a job, which is itself one task; the script alone.
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=1 PMI_RANK=1 PMI_SIZE=4", "2/4")]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=8 SLURM_JOB_ID=7", null)]
    [InlineData("PMI_RANK=0 PMI_SIZE=1", null)]
    [InlineData("PMI_RANK=0", null)]
    [InlineData("PMI_RANK=x PMI_SIZE=y", null)]
    [InlineData("", null)]
    public void A_rank_is_a_share(string environment, string? expected)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(v => v.Split('=')[0], v => v.Split('=')[1]);
        Assert.Equal(expected, Share.FromLauncher(variables.GetValueOrDefault)?.ToString());
    }
}
