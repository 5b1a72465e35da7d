using MeanFieldLimit.Limits;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Reports;

public class TablesTests
{
    [Fact]
    public void Trajectory_has_a_row_a_save_time_and_reads_back_bitwise()
    {
        var solution = Small.ClassificationRun.Result.Limit;
        var limit = solution.Trajectory;
        var (header, rows) = Read(OfLimit(solution, "trajectory"));
        Assert.Equal("t,risk,testRisk,errorRate,testErrorRate,limitError", header);
        Assert.Equal(limit.Times.Count, rows.Length);
        for (var k = 0; k < rows.Length; k++)
        {
            double[] expected = [limit.Times[k], limit.Train[k].Risk, limit.Test[k].Risk, limit.Train[k].ErrorRate,
                limit.Test[k].ErrorRate, solution.ErrorUntil(k)];
            Assert.Equal(expected, rows[k].Select(Number));
        }
    }

    [Fact]
    public void Fields_without_a_number_are_empty()
    {
        var (_, rows) = Read(OfLimit(Small.RegressionRun.Result.Limit, "trajectory"));
        Assert.All(rows, row => Assert.Equal(["", "", ""], row[2..5]));
    }

    [Fact]
    public void Predictions_name_time_point_and_output_and_read_back_bitwise()
    {
        var solution = Small.Solve(Small.Build("""
            { "data": { "kind": "points", "x": [[1], [2], [3], [-1]], "y": [[1, 0, 2], [0, 1, 1], [1, 1, 0], [2, 0, 0]] },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "constant", "value": 1 } } ] },
              "training": { "loss": "half-squared", "time": 1 }, "record": { "saves": 2 } }
            """));
        var limit = solution.Trajectory;
        var (header, rows) = Read(OfLimit(solution, "predictions"));
        Assert.Equal("t,point,output,value", header);
        Assert.Equal(limit.Times.Count * 12, rows.Length);
        Assert.Equal(limit.Predictions.SelectMany(p => p), rows.Select(r => Number(r[3])));
        Assert.Equal(["0", "1", "2", "3"], rows.Take(12).Select(r => r[1]).Distinct());
        Assert.Equal(["0", "1", "2", "0"], rows.Take(4).Select(r => r[2]));
    }

    [Fact]
    public void Gaps_have_a_row_a_network_and_save_time_and_say_where_they_are_blurred()
    {
        var result = Small.RegressionRun.Result;
        var (header, rows) = Read(Tables.Gaps(result));
        Assert.Equal("width,seed,t,rms,max,risk,blurred" + string.Concat(
            Enumerable.Range(1, 3).Select(i => $",w{i}Max,w{i}L2,b{i}Max,b{i}L2,h{i}Max,h{i}L2")), header);
        Assert.Equal(3 * 4 * 7, rows.Length);
        Assert.Equal(result.Networks.SelectMany(n => n.Pathwise).Select(p => p.Layers[1].Preactivations.L2),
            rows.Select(r => Number(r[^7])));
        Assert.Equal(result.Networks.SelectMany(n => n.Gaps).Select(g => g.Rms), rows.Select(r => Number(r[3])));
        Assert.Equal(result.Networks.SelectMany(n => n.Gaps).Select(g => g.Risk), rows.Select(r => Number(r[5])));
        foreach (var error in (double[])[1, 0, double.NaN])
        {
            var flags = Read(Tables.Gaps(Known(result, _ => error))).Rows.Select(r => r[6]);
            Assert.All(flags, f => Assert.Equal(error == 0 ? "false" : "true", f));
        }
    }

    [Fact]
    public void Gaps_are_blurred_from_the_time_on_at_which_the_error_of_the_limit_exceeds_a_tenth_of_them()
    {
        var result = Known(Small.RegressionRun.Result, k => k < 3 ? 0 : 1);
        Assert.All(Read(Tables.Gaps(result)).Rows.Chunk(7), network =>
            Assert.Equal(["false", "false", "false", "true", "true", "true", "true"], network.Select(r => r[6])));
        var (header, rows) = Read(Tables.Times(result.Rate!, result));
        Assert.Equal("t,limitError,rms20,rms40,rms80,slope,low,high,blurred", header);
        Assert.Equal(["", "", "", "!3 of 3", "!3 of 3", "!3 of 3", "!3 of 3"], rows.Select(r => r[8]));
        Assert.All(rows[3..], row => Assert.Equal(["", "", ""], row[5..8]));
        // The rate of the last time is that of all networks there.
        var known = Known(result, _ => 0);
        var final = result.Rates.Single(r => r.Quantity.Name == "prediction-final").Fitted;
        Assert.Equal([.. final.Rms, final.Slope, final.Low, final.High],
            Read(Tables.Times(result.Rate!, known)).Rows[^1][2..8].Select(Number));
    }

    [Fact]
    public void Networks_have_a_row_a_network_and_save_time()
    {
        var result = Small.ClassificationRun.Result;
        var (header, rows) = Read(Tables.Networks(result));
        Assert.Equal("width,seed,t,risk,testRisk,errorRate,testErrorRate", header);
        Assert.Equal(result.Networks.SelectMany(n => n.Test).Select(p => p.ErrorRate), rows.Select(r => Number(r[6])));
        Assert.Equal(["10", "30", "100"], rows.Select(r => r[0]).Distinct());
        Assert.Equal(["0", "1", "2"], rows.Select(r => r[1]).Distinct());
    }

    private static CouplingResult Known(CouplingResult result, Func<int, double> error) => result with
    {
        Limit = result.Limit with { Errors = [.. result.Limit.Trajectory.Times.Select((_, k) => error(k))] },
    };

    private static StudyTable OfLimit(LimitSolution solution, string name) =>
        Tables.OfLimit(solution).Single(t => t.Name == name);

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static (string Header, string[][] Rows) Read(StudyTable table)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        CsvText.Write(writer, table);
        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (lines[0], [.. lines[1..].Select(l => l.Split(','))]);
    }
}
