using System.Text.RegularExpressions;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>What is said while a run goes on, where its output is redirected.</summary>
public sealed partial class PhasesTests : IDisposable
{
    private readonly Mfl mfl = new();
    private readonly Clock clock = new();
    private readonly List<string> lines = [];

    public void Dispose() => mfl.Dispose();

    [Theory]
    [InlineData(10, 0.2, "40 s")]
    [InlineData(10, 0.999, "1 s")]
    [InlineData(60, 0.25, "3 min")]
    [InlineData(3600, 1 / 3.0, "2 h")]
    [InlineData(50, 0.05, "")]
    [InlineData(60, 0.05, "19 min")]
    [InlineData(60, 0, "")]
    public void What_is_left_takes_as_long_at_the_same_pace(double seconds, double part, string expected) =>
        Assert.Equal(expected, Phases.Left(TimeSpan.FromSeconds(seconds), part));

    [Fact]
    public void A_phase_that_is_short_is_one_line_with_the_time_since_the_start()
    {
        var all = new PhaseLines(lines.Add, clock);
        clock.GoOn(1.5);
        var phase = all.Add("limit", 3);
        for (var t = 0.0; t <= 3; t += 0.01) phase.Report(t);
        clock.GoOn(0.5);
        phase.Report(3);
        phase.Report(3);
        Assert.Equal(["     2.0 s  limit"], lines);
    }

    [Fact]
    public void A_long_phase_says_what_is_left_ever_more_seldom()
    {
        var phase = new PhaseLines(lines.Add, clock).Add("networks", 1000);
        for (var step = 1; step <= 1000; step++)
        {
            clock.GoOn(0.1);
            phase.Report(step);
        }
        Assert.Equal(["     4.0 s  networks: 4 %", "     8.0 s  networks: 8 %", "    16.0 s  networks: 16 %, about 84 s left"],
            lines.Take(3));
        Assert.Equal(["    64.0 s  networks: 64 %, about 36 s left", "   100.0 s  networks"], lines.TakeLast(2));
        Assert.Equal(6, lines.Count);
    }

    /// <summary>Nine tenths come at once; the last takes 100 s, of which 20 are over.</summary>
    [Fact]
    public void What_an_earlier_process_did_says_nothing_of_the_pace()
    {
        var phase = new PhaseLines(lines.Add, clock).Add("networks", 1000);
        phase.Report(900);
        for (var step = 1; step <= 20; step++)
        {
            clock.GoOn(1);
            phase.Report(900 + step);
        }
        Assert.Equal("    16.0 s  networks: 92 %, about 84 s left", lines[^1]);
    }

    [Fact]
    public void Redirected_progress_is_lines_without_control_characters()
    {
        var (code, output, errors) = mfl.Run("couple", "--widths", "10,20", "--seeds", "3", "--out", "run");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.DoesNotContain(output, c => char.IsControl(c) && c != '\n');
        var all = output.TrimEnd().Split('\n');
        Assert.StartsWith("memory: limit", all[0]);
        Assert.EndsWith("for the networks of a seed and their tracers", all[0]);
        // More lines of a phase only where it takes long.
        Assert.Equal(["limit", "error of the limit", "networks"],
            all.Skip(1).TakeWhile(l => Time().IsMatch(l)).Select(l => Time().Replace(l, ""))
                .Where(l => !l.Contains(':')));
    }

    [Fact]
    public void Quiet_prints_the_result_only()
    {
        var output = mfl.Run("solve", "--out", "run", "--quiet").Output.TrimEnd().Split('\n');
        Assert.Equal(3, output.Length);
        Assert.StartsWith("limit: risk", output[0]);
        Assert.StartsWith("networks of width N are predicted 0.361 / sqrt(N)", output[1]);
        Assert.Equal("report: run/report.html", output[2]);
    }

    [GeneratedRegex(@"^ *\d+\.\d s  ")]
    private static partial Regex Time();

    private sealed class Clock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        internal void GoOn(double seconds) => ticks += (long)Math.Round(seconds * TimeSpan.TicksPerSecond);
    }
}
