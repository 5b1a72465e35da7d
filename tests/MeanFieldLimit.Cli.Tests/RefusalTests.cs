namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// Bad input: exit code 2, one line with file, line, key, rule, value and remedy, and no folder left behind.
/// </summary>
public sealed class RefusalTests : IDisposable
{
    private const string Good = """
        {
          "data": { "kind": "points", "x": [[1, 2], [3, 4]], "y": [[1], [0]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "mean": 0, "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 1, "std": 1 } }
          ] },
          "training": { "loss": "half-squared", "time": 1 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 4 }], "predict": { "draws": 0 } },
          "couple": { "widths": [5, 10], "seeds": 2 }
        }
        """;

    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void The_good_problem_runs()
    {
        mfl.Write("p.json", Good);
        var (code, output, errors) = mfl.Run("couple", "p.json", "--out", "run", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("rms gap has no rate: the limit's own error, ", output);
        Assert.True(File.Exists(mfl.Path("run/report.html")));
    }

    [Theory]
    [InlineData("three-layer.json", "time"), InlineData("density.json", "density")]
    [InlineData("chaos.json", "chaos")]
    public void Runs_that_go_to_the_final_time_refuse_a_condition_to_stop_at(string example, string command)
    {
        mfl.Write("p.json", File.ReadAllText(Mfl.Example(example)).Replace("\"training\": {",
            "\"training\": { \"until\": { \"risk\": 0.1 },", StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run(command, "p.json", "--out", "run", "--quiet");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("$.training.until: until must not be given with " + command, errors);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void A_condition_stops_a_limit_and_its_line_says_so()
    {
        mfl.Write("p.json", Good.Replace("\"time\": 1", "\"time\": 1, \"until\": { \"risk\": 0.2 }",
            StringComparison.Ordinal));
        var (code, output, _) = mfl.Run("solve", "p.json", "--out", "run", "--quiet");
        Assert.Equal(ExitCode.Done, code);
        Assert.Matches("stopped at t = 0[.][0-9]+, known to .*, where the risk has fallen to 0.2", output);
    }

    [Theory]
    [InlineData("\"time\": 1", "\"tiem\": 1", 7, "$.training.tiem", "time")]
    [InlineData("\"time\": 1", "\"time\": \"long\"", 7, "$.training.time", "number")]
    [InlineData("\"time\": 1", "\"time\": NaN", 7, "$.training.time", "")]
    [InlineData("\"time\": 1", "\"time\": 1e999", 7, "$.training.time", "finite")]
    [InlineData("\"mean\": 0, \"std\": 1", "\"mean\": 0, \"std\": 1e-400", 4, "$.network.layers[0].weights.std", "got 1e-400")]
    [InlineData("[5, 10]", "[0, 10]", 9, "$.couple.widths[0]", "at least 1, got 0")]
    [InlineData("\"mean\": 0, \"std\": 1", "\"mean\": 0, \"std\": -1", 4, "$.network.layers[0].weights.std", "got -1")]
    [InlineData("\"seeds\": 2", "\"seeds\": 0", 9, "$.couple.seeds", "between 1 and 100000, got 0")]
    [InlineData("[[1, 2], [3, 4]]", "[]", 2, "$.data.x", "")]
    [InlineData("[[1, 2], [3, 4]]", "[[1, 2], [3]]", 2, "$.data.x[1]", "got 1")]
    [InlineData("[[1], [0]]", "[[1]]", 2, "$.data.y", "got 1 for 2")]
    [InlineData("half-squared", "logistic", 2, "$.data.y[1]", "-1")]
    [InlineData("\"tanh\"", "\"tahn\"", 4, "$.network.layers[0].activation", "tanh")]
    [InlineData("\"nodes\": 4 }", "\"nodes\": 256 }, { \"rule\": \"gauss\", \"nodes\": 2 }", 8, "$.limit.types", "")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": \"tanh\", \"rate\": { \"schedule\": \"piecewise\", \"times\": [1], \"values\": [1, -1] }", 4, "$.network.layers[0].rate.values[1]", "got -1")]
    [InlineData("\"activation\": \"tanh\"", "\"activation\": \"tanh\", \"rate\": { \"schedule\": \"piecewise\", \"times\": [1], \"values\": [1, 1, 1] }", 4, "$.network.layers[0].rate.values", "one more than times")]
    [InlineData("\"nodes\": 4", "\"nodes\": 300", 8, "$.limit.types[0].nodes", "between 1 and 256, got 300")]
    [InlineData("\"types\"", "\"accuracy\": 1e-6, \"types\"", 8, "$.limit.types", "remove one")]
    [InlineData("\"types\": [{ \"rule\": \"gauss\", \"nodes\": 4 }]", "\"accuracy\": 1e-15", 8, "$.limit.accuracy", "got 1E-15")]
    [InlineData("[5, 10]", "[5, 2000000000]", 9, "$.couple.widths[1]", "GB")]
    [InlineData("\"seeds\": 2", "\"seeds\": 2000000000", 9, "$.couple.seeds", "got 2000000000")]
    [InlineData("\"time\": 1", "\"time\": 1, \"method\": \"euler\", \"step\": 1e-9", 7, "$.training.step", "longer step")]
    [InlineData("\"kind\": \"points\", \"x\": [[1, 2], [3, 4]], \"y\": [[1], [0]]",
        "\"kind\": \"synthetic\", \"dimension\": 1000, \"points\": 2000000000, \"target\": \"linear\"",
        2, "$.data.points", "GB")]
    [InlineData("\"kind\": \"points\", \"x\": [[1, 2], [3, 4]], \"y\": [[1], [0]]",
        "\"kind\": \"csv\", \"path\": \"absent.csv\"", 2, "$.data.path", "absent.csv")]
    [InlineData("\"kind\": \"points\", \"x\": [[1, 2], [3, 4]], \"y\": [[1], [0]]",
        "\"kind\": \"csv\", \"path\": \"/dev/zero\"", 2, "$.data.path",
        "found a pipe or a device, which is no regular file")]
    public void A_broken_problem(string part, string broken, int line, string path, string fragment)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        mfl.Write("p.json", Good.Replace(part, broken, StringComparison.Ordinal));
        var (code, output, errors) = mfl.Run("couple", "p.json", "--out", "run");
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.StartsWith($"mfl: p.json:{line}: {path}", errors);
        Assert.Contains(fragment, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void An_accuracy_beyond_reach_says_what_stopped_it_and_what_it_would_take()
    {
        mfl.Write("p.json", Good.Replace("\"types\": [{ \"rule\": \"gauss\", \"nodes\": 4 }]",
            "\"accuracy\": 1e-9, \"work\": 3e7", StringComparison.Ordinal));
        var (code, output, errors) = mfl.Run("solve", "p.json", "--out", "run", "--quiet");
        Assert.Equal((ExitCode.NotReached, ""), (code, errors));
        Assert.Contains("accuracy 1E-09 not reached: types of layer 1 has the error", output);
        Assert.Contains("operations in all, of 3E+07 allowed", output);
        Assert.Contains("it would take about", output);
        Assert.Contains("\"reached\": false", File.ReadAllText(mfl.Path("run/summary.json")));
        // The problem written beside it has the nodes that were chosen and runs by itself.
        Assert.Equal(ExitCode.Done, mfl.Run("solve", "run/problem.json", "--out", "again", "--quiet").Code);
    }

    [Fact]
    public void A_grid_beyond_memory_says_nodes_and_bytes()
    {
        var wide = Good.Replace("[[1, 2], [3, 4]]", "[[1, 2, 3, 4], [3, 4, 5, 6]]", StringComparison.Ordinal)
            .Replace("\"nodes\": 4", "\"nodes\": 100", StringComparison.Ordinal);
        mfl.Write("p.json", wide);
        var (code, _, errors) = mfl.Run("solve", "p.json", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("10,000,000,000 nodes in layer 1", errors);
        Assert.Contains("GB", errors);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Theory]
    [InlineData("logistic", "u,v,y\n1,2,0\n3,4,1\n5,6,2\n", "$.data.path", "two classes for the loss logistic, got 3: 0, 1, 2")]
    [InlineData("softmax-cross-entropy", "u,a,b\n1,2,5\n", "$.training.loss", "got [2, 5]")]
    public void Labels_of_a_file_that_do_not_suit_the_loss(string loss, string table, string key, string fragment)
    {
        mfl.Write("t.csv", table);
        mfl.Write("p.json", Good.Replace("half-squared", loss, StringComparison.Ordinal).Replace(
            "\"kind\": \"points\", \"x\": [[1, 2], [3, 4]], \"y\": [[1], [0]]",
            "\"kind\": \"csv\", \"path\": \"t.csv\", \"outputs\": " +
                (loss == "logistic" ? "[\"y\"]" : "[\"a\", \"b\"]"), StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("solve", "p.json", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(key, errors);
        Assert.Contains(fragment, errors);
    }

    [Fact]
    public void Classes_of_a_file_are_mapped_and_said()
    {
        mfl.Write("t.csv", "u;v;kind\n1;2;no\n3;4;yes\n0.5;1;no\n");
        mfl.Write("p.json", Good.Replace("half-squared", "logistic", StringComparison.Ordinal).Replace(
            "\"kind\": \"points\", \"x\": [[1, 2], [3, 4]], \"y\": [[1], [0]]",
            "\"kind\": \"csv\", \"path\": \"t.csv\", \"outputs\": [\"kind\"]", StringComparison.Ordinal));
        var (code, output, errors) = mfl.Run("solve", "p.json", "--out", "run");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("error rate", output);
        const string found = "inputs u, v; outputs kind; fields separated by semicolons; class no is -1, class yes is +1";
        Assert.Contains($"data: {found}", string.Join(' ', output.Split((char[])[' ', '\n'],
            StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(found, File.ReadAllText(mfl.Path("run/report.html")));
        Assert.Contains($"\"found\": \"{found}\"", File.ReadAllText(mfl.Path("run/summary.json")));
    }

    [Fact]
    public void Networks_in_which_nothing_is_random_have_no_rate()
    {
        mfl.Write("p.json", Good.Replace("\"law\": \"gaussian\", \"mean\": 0, \"std\": 1",
                "\"law\": \"constant\", \"value\": 0.5", StringComparison.Ordinal)
            .Replace("\"law\": \"gaussian\", \"mean\": 1, \"std\": 1", "\"law\": \"constant\", \"value\": 0.5",
                StringComparison.Ordinal));
        var (code, output, errors) = mfl.Run("couple", "p.json", "--out", "run", "--quiet", "--tracers", "0");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("rms gap has no rate: it does not vary", output);
        Assert.DoesNotContain("N^", output);
        Assert.Contains("this gap has no rate: it does not vary", File.ReadAllText(mfl.Path("run/report.html")));
        var rate = System.Text.Json.JsonDocument.Parse(File.ReadAllText(mfl.Path("run/summary.json"))).RootElement
            .GetProperty("rates")[0];
        Assert.Equal(System.Text.Json.JsonValueKind.Null, rate.GetProperty("slope").ValueKind);
        Assert.NotEmpty(rate.GetProperty("reason").GetString()!);
    }

    [Theory]
    [InlineData("20")]
    [InlineData("")]
    public void What_is_no_file_is_not_taken_for_one(string argument)
    {
        var (code, _, errors) = mfl.Run("couple", argument, "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains($"a problem file is expected, got '{argument}'", errors);
    }

    [Fact]
    public void A_name_is_never_a_path()
    {
        mfl.Write("p.json", Good.Replace("\"data\"", "\"name\": \"../../evil\", \"data\"", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, mfl.Run("solve", "p.json", "--quiet").Code);
        Assert.True(Directory.Exists(mfl.Path("runs/------evil-solve")));
    }

    [Theory]
    [InlineData("--widths", "0,5")]
    [InlineData("--widths", "10,5")]
    [InlineData("--widths", "ten")]
    [InlineData("--seeds", "0")]
    [InlineData("--threads", "-1")]
    [InlineData("--engine", "fast")]
    [InlineData("--tracers", "-1")]
    [InlineData("--parameters", "5")]
    [InlineData("--nonsense", "1")]
    public void A_broken_option(string option, string value)
    {
        mfl.Write("p.json", Good);
        var (code, _, errors) = mfl.Run("couple", "p.json", option, value, "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(option, errors);
        Assert.StartsWith("mfl: ", errors);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Theory]
    [InlineData("images", 20, "byte")]
    [InlineData("labels", 9, "byte")]
    public void A_truncated_idx_file_says_the_byte(string cut, int length, string fragment)
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102, 153, 204];
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 3, 4, 9, 4];
        File.WriteAllBytes(mfl.Path("images"), cut == "images" ? images[..length] : images);
        File.WriteAllBytes(mfl.Path("labels"), cut == "labels" ? labels[..length] : labels);
        mfl.Write("p.json", Good.Replace("\"kind\": \"points\", \"x\": [[1, 2], [3, 4]], \"y\": [[1], [0]]",
            "\"kind\": \"idx\", \"images\": \"images\", \"labels\": \"labels\"", StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("solve", "p.json", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith($"mfl: p.json:2: $.data.{cut}", errors);
        Assert.Contains(fragment, errors);
    }
}
