using System.Text;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

public class ProblemFileTests
{
    [Fact]
    public void The_good_file_is_read()
    {
        var loaded = Texts.Parse(Texts.Good);
        var problem = loaded.Problem;
        Assert.Equal("folder/broken.json", loaded.File);
        Assert.Equal(Path.GetFullPath("folder"), loaded.Folder);
        var points = Assert.IsType<PointsData>(problem.Data);
        Assert.Equal([0, -1], points.X[1]);
        Assert.Equal(1, points.Test);
        Assert.Equal(new GaussianLaw { Mean = 1, Std = 0.5 }, problem.Network.Layers[1].Weights);
        Assert.Equal("relu", problem.Network.Layers[1].Activation);
        Assert.Null(problem.Network.Layers[2].Activation);
        Assert.Equal([new GaussSpec { Nodes = 24 }, new MonteCarloSpec { Nodes = 12 }], problem.Limit.Types!);
        Assert.Equal(BiasMode.None, problem.Network.Biases);
        Assert.Equal([50, 100], problem.Couple.Widths);
    }

    public static TheoryData<string> Datas => new(
        Texts.Points,
        """ "data": { "kind": "csv", "path": "a[\n 1\n].csv", "inputs": ["u", "v"], "outputs": ["y"] },""",
        """ "data": { "kind": "idx", "images": "a.gz", "labels": "b.gz", "classes": [3, 8],""" +
            """ "train": 100, "test": 20 },""",
        """ "data": { "kind": "cifar", "files": ["a.bin", "b.bin"], "testFile": "c.bin", "labels": "fine",""" +
            """ "pool": 2 },""",
        """ "data": { "kind": "isotropic-gaussians", "dimension": 32, "delta": 0.4, "points": 1000 },""",
        """ "data": { "kind": "synthetic", "dimension": 2, "points": 9, "inputs": "sphere", "noise": 0.1,""" +
            """ "teacher": { "width": 3, "activation": "tanh" } },""",
        """ "data": { "kind": "synthetic", "dimension": 2, "target": "linear", "noise": 0.1,""" +
            """ "expectation": { "rule": "smolyak", "level": 4 } },""");

    [Theory]
    [MemberData(nameof(Datas))]
    public void What_is_written_reads_back_as_it_was(string data)
    {
        var problem = Texts.Parse(Texts.With(Texts.Points, data)).Problem;
        var written = ProblemFile.Write(problem);
        var again = Texts.Parse(written).Problem;
        Assert.Equal(written, ProblemFile.Write(again));
        Assert.Equal(problem.Data.GetType(), again.Data.GetType());
        if (problem.Data is not (PointsData or CsvData or IImageFiles)) Assert.Equal(problem.Data, again.Data);
    }

    [Fact]
    public void Numbers_survive_to_the_last_bit()
    {
        double[] numbers = [0.1, 1.0 / 3, 5e-324, double.MaxValue, -0.0, 1e23, Math.PI];
        var problem = Texts.Parse(Texts.Good).Problem with { Data = new PointsData { X = [numbers], Y = [[1]] } };
        var again = (PointsData)Texts.Parse(ProblemFile.Write(problem)).Problem.Data;
        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), again.X[0].Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void A_list_of_numbers_is_written_on_one_line()
    {
        var written = ProblemFile.Write(Texts.Parse(Texts.Good).Problem);
        Assert.Contains("\n      [1, 0.5],\n      [0, -1]\n", written, StringComparison.Ordinal);
        Assert.Contains("\"widths\": [50, 100],\n", written, StringComparison.Ordinal);
        Assert.EndsWith("}\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_takes_a_file_and_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("problem-");
        try
        {
            var path = Path.Combine(folder.FullName, "good.json");
            File.WriteAllText(path, Texts.Good);
            Assert.Equal(folder.FullName, ProblemFile.Read(path).Folder);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("$.data.x[1][0]", 4)]
    [InlineData("$.data.x[9]", 4)]
    [InlineData("$.couple.seeds", 20)]
    [InlineData("$.record.spacing", 18)]
    [InlineData("$.network.layers[2].bias.value", 11)]
    [InlineData("$.nothing", 1)]
    [InlineData("$", 1)]
    public void Later_errors_find_the_nearest_line(string path, int line)
    {
        var e = Texts.Parse(Texts.Good).Error(path, "images must exist,\nfound none; check the path");
        Assert.Equal($"folder/broken.json:{line}: {path}: images must exist,\\u000afound none; check the path",
            e.Message);
    }

    [Fact]
    public void A_changed_problem_is_held_to_the_same_rules()
    {
        var loaded = Texts.Parse(Texts.Good);
        var couple = loaded with { Problem = loaded.Problem with { Couple = new() { Widths = [10, 0] } } };
        Assert.Equal("$.couple.widths[1]", Assert.Throws<ProblemException>(() => ProblemCheck.Check(couple)).Path);
        var time = loaded with
        {
            Problem = loaded.Problem with { Training = loaded.Problem.Training with { Time = double.NaN } },
        };
        Assert.Contains("time must be a finite number, got NaN",
            Assert.Throws<ProblemException>(() => ProblemCheck.Check(time)).Message, StringComparison.Ordinal);
        var data = loaded with
        {
            Problem = loaded.Problem with { Data = new PointsData { X = [[double.PositiveInfinity]], Y = [[1]] } },
        };
        Assert.Equal("$.data.x[0][0]", Assert.Throws<ProblemException>(() => ProblemCheck.Check(data)).Path);
    }

    [Fact]
    public void A_problem_put_together_in_code_has_no_line()
    {
        var loaded = Texts.Parse(Texts.Good);
        var code = new LoadedProblem(loaded.Problem, "built-in", ".");
        Assert.Equal("built-in: $.data: a rule", code.Error("$.data", "a rule").Message);
    }

    [Fact]
    public void Many_points_are_read_in_reasonable_time()
    {
        var rows = string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"[{i}, 0.5]"));
        var text = Texts.With("[[1, 0.5], [0, -1]]", $"[{rows}]")
            .Replace("[[1], [-1]]", $"[{rows}]", StringComparison.Ordinal);
        Assert.Equal(100_000,
            ((PointsData)ProblemFile.Parse("a.json", Encoding.UTF8.GetBytes(text)).Problem.Data).X.Count);
    }
}
