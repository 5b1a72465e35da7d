using System.Diagnostics;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// Every command, killed for real at random moments, gone on with and killed again: the files of a run that was left
/// alone, bit for bit. Rounds are as many as MFL_KILLS says, of up to three kills, or one of each command, of up to two.
/// </summary>
/// <remarks>
/// A moment is a number of files that the run has renamed into place, drawn from the round's seed, and the little while
/// that the kill is late by: what comes of it must not depend on it.
/// </remarks>
public sealed class ReliabilityTests(ReliabilityTests.Whole whole) : IClassFixture<ReliabilityTests.Whole>, IDisposable
{
    private const string Euler = "\"method\": \"euler\", \"step\": 0.1";
    private const int MostEvents = 60;
    private static readonly string? Asked = Environment.GetEnvironmentVariable("MFL_KILLS");
    private static readonly int MostKills = Asked is null ? 2 : 3;
    private static readonly string ThreeLayers = Longer("three layers"),
        Chaos = Longer("chaos").Replace("\"steps\": 3", "\"steps\": 12", StringComparison.Ordinal),
        TwoLayers = $"{Chaos[..Chaos.IndexOf(", \"chaos\"", StringComparison.Ordinal)]} }}";

    /// <summary>Problem and command; no problem for a command without one.</summary>
    private static readonly (string? Problem, string[] Command)[] Cases =
    [
        (ThreeLayers, ["couple"]),
        (By("\"method\": \"dormand-prince\""), ["couple", "--tracers", "0"]),
        (By("\"method\": \"chebyshev\""), ["solve"]),
        (By("\"method\": \"bdf\"").Replace("\"time\": 2", "\"time\": 2, \"until\": { \"risk\": 0.3 }",
            StringComparison.Ordinal), ["couple"]),
        (By("\"method\": \"auto\""), ["solve"]),
        (Chaos, ["chaos"]),
        (Longer("sgd"), ["couple"]),
        (null, ["check", "energy-identity", "--small"]),
        (ThreeLayers, ["step"]),
        (ThreeLayers, ["joint"]),
        (TwoLayers.Replace("\"types\": [{ \"rule\": \"gauss\", \"nodes\": 8 }], " + Euler, "\"accuracy\": 1e-3",
            StringComparison.Ordinal), ["solve"]),
        (ThreeLayers, ["fluctuations", "--seeds", "8"]),
        (ThreeLayers, ["depth"]),
        (ThreeLayers, ["time"]),
        (Noisy("\"dynamics\": \"langevin\""), ["couple", "--tracers", "0"]),
        (Noisy("\"dynamics\": \"sgd-diffusion\", \"step\": 0.1, \"batch\": 1"), ["couple", "--tracers", "0"]),
        (Longer("correlated"), ["couple"]),
        (Longer("density"), ["density"]),
    ];

    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    public static TheoryData<int> Rounds => [.. Enumerable.Range(0, int.Parse(
        Asked ?? $"{Cases.Length}", CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Rounds))]
    public void Killed_and_resumed_every_command_leaves_the_files_of_one_left_alone(int seed)
    {
        var random = new Random(seed);
        var number = seed % Cases.Length;
        var command = Command(number);
        string[] checkpoints = seed / Cases.Length % 3 == 2 ? [] : ["--checkpoint", "0"];
        for (var kills = random.Next(1, MostKills + 1); kills > 0; kills--)
        {
            // As many are few as are many.
            var events = (int)Math.Exp(random.NextDouble() * Math.Log(MostEvents));
            using var process = mfl.Start([.. command, .. checkpoints, "--threads", $"{random.Next(1, 3)}", "--quiet"]);
            KillAfter(process, events, random.Next(3));
            if (HasBegun) command = ["resume", "run"];
        }
        var (code, _, errors) = mfl.Run([.. command, "--quiet"]);
        Assert.True((code, errors) == (ExitCode.Done, ""), $"round {seed}: {code}, {errors}");
        Outputs.AreEqual(whole.Of(number), Outputs.Of(mfl.Path("run")), $"round {seed}");
    }

    [Theory]
    [InlineData(0, 3), InlineData(5, 2), InlineData(8, 3)]
    public void Several_processes_on_one_folder_leave_the_files_of_one(int number, int processes)
    {
        var command = Command(number);
        Process[] all = [.. Enumerable.Range(0, processes).Select(_ =>
            mfl.Start([.. command, "--threads", "1", "--checkpoint", "0", "--quiet"]))];
        foreach (var process in all)
            using (process)
            {
                var (code, _, errors) = Mfl.Finish(process);
                Assert.True(code == ExitCode.Done, errors);
            }
        Outputs.AreEqual(whole.Of(number), Outputs.Of(mfl.Path("run")), string.Join(' ', command));
    }

    private bool HasBegun => Directory.Exists(mfl.Path("run/cells"))
        && Directory.GetDirectories(mfl.Path("run/cells")).Any(d => !Path.GetFileName(d).StartsWith('.'));

    private string[] Command(int number)
    {
        var (problem, command) = Cases[number];
        string[] file = problem is null ? [] : [mfl.Write("p.json", problem)];
        return [command[0], .. file, .. command[1..], "--out", "run"];
    }

    /// <summary>Kills a process when so many of its files have come, unless it has ended.</summary>
    private void KillAfter(Process process, int events, int late)
    {
        using var come = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(mfl.Folder) { IncludeSubdirectories = true };
        watcher.Renamed += (_, _) => come.Release();
        watcher.EnableRaisingEvents = true;
        var output = Task.Run(() => Mfl.Finish(process));
        for (; events > 0 && !output.IsCompleted; events -= come.Wait(20) ? 1 : 0) { }
        Thread.Sleep(late);
        process.Kill();
        var (code, _, errors) = output.Result;
        Assert.True(code is ExitCode.Done or 128 + 9, $"{code}: {errors}");
    }

    private static string Longer(string name) =>
        TinyProblems.All[name].Replace("\"time\": 0.2", "\"time\": 2", StringComparison.Ordinal);

    private static string By(string method) => ThreeLayers.Replace(Euler, method, StringComparison.Ordinal);

    private static string Noisy(string dynamics) =>
        TwoLayers.Replace($"\"time\": 2, {Euler}", $"\"time\": 2, {dynamics}", StringComparison.Ordinal)
            .Replace($", {Euler} }}", " }", StringComparison.Ordinal);

    /// <summary>The runs that were left alone, without a checkpoint.</summary>
    public sealed class Whole : IDisposable
    {
        private readonly Dictionary<int, SortedDictionary<string, string>> all = [];
        private readonly List<ReliabilityTests> used = [];

        internal SortedDictionary<string, string> Of(int number)
        {
            if (all.TryGetValue(number, out var known)) return known;
            var alone = new ReliabilityTests(this);
            used.Add(alone);
            var (code, _, errors) = alone.mfl.Run([.. alone.Command(number), "--quiet"]);
            Assert.True((code, errors) == (ExitCode.Done, ""), $"{code}, {errors}");
            return all[number] = Outputs.Of(alone.mfl.Path("run"));
        }

        public void Dispose() => used.ForEach(alone => alone.Dispose());
    }
}
