using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace MeanFieldLimit.Cli;

/// <summary>Commands and options that there are not: what is near, or where they are.</summary>
internal static class UnknownWord
{
    /// <summary>Why a command line is refused, or null where its commands and options are known.</summary>
    internal static string? Refuse(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        // Help and version take precedence over all; what resume does not know is for the command that goes on.
        if (parsed.Action is not (null or ParseErrorAction) && parsed.Action != command.Action) return null;
        string[] unmatched = command.TreatUnmatchedTokensAsErrors ? [.. parsed.UnmatchedTokens] : [];
        var words = unmatched.Concat(parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens).Select(token => token.Value));
        // Of a command that there is not, options are not known either.
        if (command is RootCommand && Array.Find(unmatched, w => !IsOption(w)) is { } name)
            return $"the command {Names.Refuse(name, [.. command.Subcommands.Select(c => c.Name)])}";
        if (words.FirstOrDefault(IsOption)?.Split('=')[0] is { } option)
            return OfOther(parsed, option) ?? $"an option of {Of(command)} " +
                Names.Refuse(option, [.. NamesOf(command).Order(StringComparer.Ordinal)]);
        return unmatched is not [var word, ..] ? null
            : $"{command.Name} must be given no more than its --help has, got '{word}'; leave it out, " +
                "or write it as part of a list, 50,100,200";
    }

    /// <summary>That an option belongs to other commands, where it does.</summary>
    private static string? OfOther(ParseResult parsed, string option)
    {
        string[] others = [.. parsed.RootCommandResult.Command.Subcommands
            .Where(c => NamesOf(c).Contains(option)).Select(c => c.Name)];
        return others.Length == 0 ? null : $"{option} must be given to a command that has it, got it with " +
            $"{Of(parsed.CommandResult.Command)}; leave it out, or use {string.Join(" or ", others)}";
    }

    private static string Of(Command command) => command is RootCommand ? "mfl itself" : command.Name;

    private static IEnumerable<string> NamesOf(Command command) =>
        command.Options.Select(o => o.Name).Union(["--help"]);

    // "-" is standard input, and -5 a number.
    private static bool IsOption(string word) => word is ['-', _, ..]
        && !double.TryParse(word, CultureInfo.InvariantCulture, out _);
}
