using Parquet;

namespace MeanFieldLimit.Cli.Tests;

public sealed class ParquetTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public async Task Columns_have_the_bits_of_a_table_and_its_names()
    {
        double[] numbers = [0.1, double.NaN, -0.0];
        using var stream = new MemoryStream();
        ParquetTable.Write(stream, new("t", ["n", "value", "mixed", "what"],
            [[1, numbers[0], 2, "prediction"], [long.MaxValue, numbers[1], 0.5, "\u221aN"], [-3, numbers[2], 3, ""]]));
        stream.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(stream);
        Assert.Equal(["n", "value", "mixed", "what"], reader.Schema.DataFields.Select(f => f.Name));
        using var group = reader.OpenRowGroupReader(0);
        var (n, value, mixed, what) = (new long[3], new double[3], new double[3], new string[3]);
        await group.ReadAsync<long>(reader.Schema.DataFields[0], n);
        await group.ReadAsync<double>(reader.Schema.DataFields[1], value);
        await group.ReadAsync<double>(reader.Schema.DataFields[2], mixed);
        await group.ReadAsync(reader.Schema.DataFields[3], what);
        Assert.Equal([1, long.MaxValue, -3], n);
        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), value.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([2, 0.5, 3], mixed);
        Assert.Equal(["prediction", "\u221aN", ""], what);
    }

    [Fact]
    public async Task Every_table_of_a_run_is_written_beside_its_csv_where_that_is_asked_for()
    {
        var (code, _, errors) = mfl.Run("couple", Mfl.Example("three-layer.json"), "--widths", "10,20", "--seeds", "2", "--set",
            "training.time=0.1", "--quiet", "--out", "run", "--parquet");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        string[] Names(string ending) =>
            [.. Directory.GetFiles(mfl.Path("run"), "*" + ending).Select(Path.GetFileNameWithoutExtension).Order()!];
        Assert.Equal(["gaps", "networks", "predicted", "predicted-deviations", "predicted-parameters",
            "predicted-points", "predictions", "times", "trajectory", "widths"], Names(".csv"));
        Assert.Equal(Names(".csv"), Names(".parquet"));
        await using var reader = await ParquetReader.CreateAsync(mfl.Path("run/trajectory.parquet"));
        using var group = reader.OpenRowGroupReader(0);
        string[] csv = File.ReadAllLines(mfl.Path("run/trajectory.csv"));
        Assert.Equal(csv[0].Split(','), reader.Schema.DataFields.Select(f => f.Name));
        var risk = new double[csv.Length - 1];
        var column = Array.IndexOf(csv[0].Split(','), "risk");
        await group.ReadAsync<double>(reader.Schema.DataFields[column], risk);
        Assert.Equal(csv.Skip(1).Select(line => double.Parse(line.Split(',')[column], null)), risk);
        Assert.Contains("--parquet", File.ReadAllText(Directory.GetFiles(mfl.Path("run/cells"), "run.json",
            SearchOption.AllDirectories)[0]), StringComparison.Ordinal);
    }
}
