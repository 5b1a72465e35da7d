using System.Text;
using Spectre.Console;

namespace MeanFieldLimit.Cli;

/// <summary>Where output goes, and how wide that is.</summary>
internal static class Columns
{
    private const int Least = 20;

    /// <summary>Whether a reader sees it at once; the lines of files and of other programs are not broken.</summary>
    internal static bool IsTerminal { get; } =
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Characters in a line of the terminal, or what COLUMNS says; without one no line is long.</summary>
    internal static int Width { get; } = !IsTerminal ? int.MaxValue : AnsiConsole.Profile.Width = Math.Max(Least,
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var asked) && asked > 0 ? asked
            : Console.WindowWidth);

    /// <summary>
    /// A text with its long lines broken between words, what follows set in by <paramref name="hanging"/>; words that
    /// are longer than a line stay whole.
    /// </summary>
    internal static string Wrap(string text, int hanging = 2) => Wrap(text, Width, hanging);

    /// <summary>The same in lines of another width.</summary>
    internal static string Wrap(string text, int width, int hanging)
    {
        var wrapped = new StringBuilder();
        foreach (var (n, line) in text.Split('\n').Index())
        {
            if (n > 0) wrapped.Append('\n');
            var rest = line.AsSpan();
            for (var room = width; rest.Length > room; room = width - hanging)
            {
                // The blanks that set a line in are no place to break it.
                var first = rest.Length - rest.TrimStart().Length;
                var blank = rest[..(room + 1)].LastIndexOf(' ');
                if (blank < first) blank = first + rest[first..].IndexOf(' ');
                if (blank < first) break;
                wrapped.Append(rest[..blank].TrimEnd()).Append('\n').Append(' ', hanging);
                rest = rest[blank..].TrimStart();
            }
            wrapped.Append(rest);
        }
        return wrapped.ToString();
    }
}
