using System.Text.Json;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Cli.Tests;

public sealed class ProgramTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void The_built_in_problem_is_coupled_without_a_file()
    {
        var (code, output, errors) = mfl.Run("couple", "--widths", "20,40", "--seeds", "3", "--out", "run",
            "--threads", "2");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("memory: limit", output);
        var summary = JsonDocument.Parse(File.ReadAllText(mfl.Path("run/summary.json"))).RootElement;
        // A tenth of the smallest gap of the default widths, or a page full of warnings greets the reader.
        Assert.InRange(summary.GetProperty("limit").GetProperty("errorEstimate").GetDouble(), 1e-7, 1e-3);
        // An independent program's risk (NumPy, 40 x 40 x 16 nodes, 480 steps of the classical Runge-Kutta method).
        Assert.Equal(0.11669617714396, summary.GetProperty("limit").GetProperty("risk").GetDouble(), 1e-8);
        var rate = summary.GetProperty("rates").EnumerateArray()
            .Single(r => r.GetProperty("quantity").GetString() == "prediction");
        Assert.Equal([20, 40], rate.GetProperty("widths").EnumerateArray().Select(w => w.GetInt32()));
        Assert.Equal(3, rate.GetProperty("seeds").GetInt32());
    }

    [Fact]
    public void The_default_run_shows_the_rate_of_the_theory()
    {
        // The problem of the README but for its widest networks and the predicted gap. The reference prototype has gaps of 0.34 to 0.42 over
        // sqrt(N) at T.
        var (code, _, _) = mfl.Run(["couple", .. Mfl.Unpredicted, "--widths", "100,200,400,800", "--out", "run", "--quiet"]);
        Assert.Equal(ExitCode.Done, code);
        var rates = JsonDocument.Parse(File.ReadAllText(mfl.Path("run/summary.json"))).RootElement.GetProperty("rates");
        var rate = rates.EnumerateArray().Single(r => r.GetProperty("quantity").GetString() == "prediction");
        Assert.InRange(rate.GetProperty("slope").GetDouble(), -0.6, -0.4);
        Assert.InRange(-0.5, rate.GetProperty("low").GetDouble(), rate.GetProperty("high").GetDouble());
        int[] widths = [.. rate.GetProperty("widths").EnumerateArray().Select(w => w.GetInt32())];
        double[] scaled =
            [.. rate.GetProperty("rms").EnumerateArray().Select((g, i) => g.GetDouble() * Math.Sqrt(widths[i]))];
        Assert.Equal([100, 200, 400, 800], widths);
        Assert.All(scaled, g => Assert.InRange(g / scaled.Average(), 0.75, 1.25));
    }

    [Fact]
    public void Threads_do_not_change_a_bit_of_what_is_written()
    {
        string[] files = ["gaps.csv", "networks.csv", "trajectory.csv", "predictions.csv"];
        foreach (var threads in new[] { "1", "2" })
            mfl.Run("couple", "--widths", "20,150", "--seeds", "2", "--threads", threads, "--out", threads,
                "--set", "limit.predict.draws=8", "--quiet");
        foreach (var file in files)
            Assert.Equal(File.ReadAllText(mfl.Path($"1/{file}")), File.ReadAllText(mfl.Path($"2/{file}")));
    }

    [Fact]
    public void A_resolved_problem_repeats_its_run()
    {
        mfl.Run(["solve", .. Mfl.Unpredicted, "--seed", "5", "--out", "first", "--quiet"]);
        mfl.Run("solve", "first/problem.json", "--out", "second", "--quiet");
        foreach (var file in new[] { "problem.json", "predictions.csv", "trajectory.csv" })
            Assert.Equal(File.ReadAllText(mfl.Path($"first/{file}")), File.ReadAllText(mfl.Path($"second/{file}")));
    }

    [Fact]
    public void The_same_command_on_a_finished_folder_computes_and_writes_nothing()
    {
        mfl.Run(["solve", .. Mfl.Unpredicted, "--out", "run", "--quiet"]);
        var written = File.GetLastWriteTimeUtc(mfl.Path("run/report.html"));
        var (code, output, errors) = mfl.Run(["solve", .. Mfl.Unpredicted, "--out", "run", "--quiet"]);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.EndsWith("report: run/report.html, already written\n", output);
        Assert.Equal(written, File.GetLastWriteTimeUtc(mfl.Path("run/report.html")));
    }

    [Fact]
    public void Unnamed_runs_get_folders_of_their_own()
    {
        mfl.Run(["solve", .. Mfl.Unpredicted, "--quiet"]);
        mfl.Run(["solve", .. Mfl.Unpredicted, "--quiet"]);
        Assert.Equal(["three-layer-solve", "three-layer-solve-2"],
            Directory.GetDirectories(mfl.Path("runs")).Select(d => Path.GetFileName(d)!).Order());
    }

    [Fact]
    public void A_diverging_limit_ends_with_3_and_saves_its_last_good_state()
    {
        var text = File.ReadAllText(Mfl.Example("three-layer.json"))
            .Replace("\"tolerance\": 1e-8", "\"method\": \"euler\", \"step\": 0.5", StringComparison.Ordinal)
            .Replace("\"tanh\"", "\"quadratic\"", StringComparison.Ordinal);
        mfl.Write("p.json", text);
        var (code, _, errors) = mfl.Run("couple", "p.json", "--out", "run", "--quiet");
        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("diverged", errors);
        Assert.Contains("t = ", errors);
        Assert.Contains("W_1", NumPyArchive.Read(mfl.Path("run/last-state.npz")).Keys);
        Assert.True(File.Exists(mfl.Path("run/trajectory.csv")));
        Assert.True(File.Exists(mfl.Path("run/report.html")));
    }

    [Theory]
    [InlineData("INT", ExitCode.Interrupted)]
    [InlineData("TERM", ExitCode.Terminated)]
    public void Interrupted_it_keeps_what_it_has_and_goes_on_with_it(string signal, int expected)
    {
        string[] problem = ["couple", .. Mfl.Unpredicted, "--widths", "400", "--seeds", "6", "--tracers", "0", "--quiet", "--out"];
        Assert.Equal(ExitCode.Done, mfl.Run([.. problem, "whole"]).Code);
        using var process = mfl.StartInterruptible(new Dictionary<string, string>(), [.. problem, "run"]);
        while (!Directory.Exists(mfl.Path("run/cells"))
            || Directory.GetFiles(mfl.Path("run/cells"), "network*.lock", SearchOption.AllDirectories).Length == 0)
            Thread.Sleep(10);
        process.Signal(signal);
        var (code, _, errors) = Mfl.Finish(process);
        Assert.Equal(expected, code);
        Assert.Matches("^mfl: interrupted: [0-6] of 7 cells of the run are done; saved: run; go on with mfl resume run\n$",
            errors);
        Assert.False(File.Exists(mfl.Path("run/report.html")));
        Assert.Equal(ExitCode.Done, mfl.Run("resume", "run", "--quiet").Code);
        Outputs.AreEqual(Outputs.Of(mfl.Path("whole")), Outputs.Of(mfl.Path("run")), "resumed");
    }

    [Fact]
    public void Help_lists_every_command_has_an_example_of_each_and_version_prints()
    {
        var all = mfl.Run().Output;
        Assert.Equal(all, mfl.Run("--help").Output);
        foreach (var group in new[] { "limits", "finite against infinite", "laws of neurons", "theory", "runs and files" })
            Assert.Single(all.Split('\n'), line => line == group);
        foreach (var command in Commands.Parse([]).RootCommandResult.Command.Children.OfType<System.CommandLine.Command>())
        {
            Assert.Single(all.Split('\n'), line => line.StartsWith($"  {command.Name} ", StringComparison.Ordinal));
            Assert.Contains("Example: mfl " + command.Name, mfl.Run(command.Name, "--help").Output);
        }
        Assert.Matches(@"^\d+\.\d+\.\d+", mfl.Run("--version").Output);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema",
            JsonDocument.Parse(mfl.Run("schema").Output).RootElement.GetProperty("$schema").GetString());
    }
}
