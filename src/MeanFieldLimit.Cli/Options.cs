using System.CommandLine;
using System.CommandLine.Parsing;
using MeanFieldLimit.Validation;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Cli;

/// <summary>The options of the commands. Those that a problem file has too override it.</summary>
internal static class Options
{
    internal const string Managed = "managed", OpenBlas = "openblas";
    private const string StandardInput = "-";

    internal static readonly Option<string?> Output =
        new("--out") { Description = "Output folder; default: a new one under runs/.", HelpName = "folder" };
    internal static readonly Option<bool> Force =
        new("--force") { Description = "Write into --out even if it is not empty." };
    internal static readonly Option<long?> Seed =
        Whole("--seed", "Seed of everything random.", long.MinValue, long.MaxValue);
    internal static readonly Option<long?> Threads =
        Whole("--threads", "Threads; the result does not depend on it. Default: all cores.", 1, 1024);
    internal static readonly Option<bool> Quiet = new("--quiet") { Description = "No progress, only the result." };
    internal static readonly Option<string> Engine = new("--engine")
    {
        Description = "Matrix products: managed, or openblas if it is on the machine.",
        HelpName = "name",
        DefaultValueFactory = _ => Managed,
    };

    private static readonly Option<TimeSpan?> Checkpoint = Parsed("--checkpoint", "time",
        "Time between two checkpoints of a long run, such as 60s, 5m or 1h; 0 for after every step. Default: 60s.",
        ParseTime, "the time must be a number with its unit, s, m or h, or 0", "write it as 60s");
    private static readonly Option<Share?> ShareOption = Parsed("--share", "n/of",
        "The part of the work that this process does, such as 3/16; others on the same folder do theirs. " +
        "Default: what srun or mpiexec says, or all.",
        Share.Parse, "a share must be its number of how many there are, the number from 1", "write it as 3/16");

    internal static readonly Option<string[]> Set = new("--set")
    {
        Description = "Another value for a key of the problem, such as training.time=5; may be given several times.",
        HelpName = "key=value",
    };

    internal static readonly Option<bool> Json =
        new("--json") { Description = "Print summary.json and nothing else." };

    internal static readonly Option<bool> Parquet =
        new("--parquet") { Description = "Write tables as Parquet files too, beside those in CSV." };

    private static readonly Argument<string?> Problem = new("problem.json")
    {
        Description = "The problem file, - for standard input; without it the command's built-in one.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    internal static readonly Option<string?> Data =
        new("--data") { Description = "Folder of the problem's data files.", HelpName = "folder" };
    internal static readonly Option<int[]?> Widths = new("--widths")
    {
        Description = "Widths of the finite networks, such as 50,100,200.",
        HelpName = "list",
        CustomParser = ParseWidths,
    };
    internal static readonly Option<long?> Seeds =
        Whole("--seeds", "Number of networks of each width.", 1, int.MaxValue);
    internal static readonly Option<long?> Tracers = Whole("--tracers",
        "At most so many neurons of each hidden layer as tracers, for pathwise gaps; 0 for none.", 0, int.MaxValue);

    internal static readonly Option<double[]?> Parameters = new("--parameters")
    {
        Description = "Numbers of parameters of the finite networks, such as 1e4,1e6.",
        HelpName = "list",
        CustomParser = ParseParameters,
    };

    static Options()
    {
        Engine.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value and not (Managed or OpenBlas) }])
                result.AddError($"--engine: the engine {Names.Refuse(value, [Managed, OpenBlas])}");
        });
        Problem.Validators.Add(result =>
        {
            // A value that belongs to an option would otherwise be taken for a file.
            if (result.Tokens is [{ Value: var value }]
                && (value.Length == 0 || double.TryParse(value, CultureInfo.InvariantCulture, out _)))
                result.AddError($"a problem file is expected, got '{value}'; see --help for the options " +
                    "(lists are written 50,100,200)");
        });
        Output.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError("--out: the folder must have a name, got ''; name one");
        });
    }

    /// <summary>Adds what every command that runs something takes.</summary>
    internal static void AddCommonTo(Command command)
    {
        foreach (var option in new Option[]
        {
            Output, Force, Seed, Threads, Engine, Quiet, Json, Checkpoint, ShareOption, Plugins.Option,
        })
            command.Options.Add(option);
    }

    /// <summary>Adds what a command on a problem file takes, with options of its own.</summary>
    internal static void AddTo(Command command, params Option[] own)
    {
        command.Arguments.Add(Problem);
        foreach (var option in (Option[])[.. own, Set, Data]) command.Options.Add(option);
        AddCommonTo(command);
    }

    /// <summary>The problem that is read, or the built-in one.</summary>
    /// <exception cref="ProblemException">The problem is refused.</exception>
    internal static LoadedProblem Read(ParseResult parsed, string example) => parsed.GetValue(Problem) switch
    {
        null => Examples.Read(example),
        StandardInput => ProblemFile.Read("standard input", Console.OpenStandardInput()),
        var path => ProblemFile.Read(path),
    };

    /// <summary>The problem with what the command line overrides.</summary>
    internal static LoadedProblem Override(ParseResult parsed, LoadedProblem loaded)
    {
        var couple = loaded.Problem.Couple;
        return loaded with
        {
            Problem = loaded.Problem with
            {
                Seed = parsed.GetValue(Seed) ?? loaded.Problem.Seed,
                Advise = parsed.GetValue(Parameters) is { Length: > 0 } budgets
                    ? (loaded.Problem.Advise ?? new()) with { Parameters = budgets } : loaded.Problem.Advise,
                Couple = couple with
                {
                    Widths = parsed.GetValue(Widths) is { Length: > 0 } asked ? asked : couple.Widths,
                    Seeds = (int?)parsed.GetValue(Seeds) ?? couple.Seeds,
                    Tracers = (int?)parsed.GetValue(Tracers) ?? couple.Tracers,
                },
            },
        };
    }

    /// <summary>The problem with the section of the command where it has none, checked.</summary>
    /// <exception cref="ProblemException">The problem is refused.</exception>
    internal static LoadedProblem Complete(LoadedProblem loaded, Func<Problem, Problem> complete)
    {
        loaded = loaded with { Problem = complete(loaded.Problem) };
        ProblemCheck.Check(loaded);
        return loaded;
    }

    /// <summary>Whether nothing is shown while it runs: a summary is printed by itself.</summary>
    internal static bool IsQuiet(ParseResult parsed) => parsed.GetValue(Quiet) || parsed.GetValue(Json);

    /// <summary>On what a plan is run; <paramref name="name"/> is that of its folder where none is named.</summary>
    internal static RunSetting SettingOf(ParseResult parsed, string name) => new()
    {
        Output = parsed.GetValue(Output),
        DefaultFolder = Path.Combine("runs", name),
        Force = parsed.GetValue(Force),
        Machine = new()
        {
            Threads = (int?)parsed.GetValue(Threads) ?? Environment.ProcessorCount,
            Engine = EngineOf(parsed),
        },
        Checkpoint = parsed.GetValue(Checkpoint) ?? TimeSpan.FromMinutes(1),
        Share = parsed.GetValue(ShareOption) ?? Share.FromLauncher(Environment.GetEnvironmentVariable),
    };

    /// <summary>The engine asked for, for a number of threads.</summary>
    /// <exception cref="UsageException">It is not on the machine.</exception>
    internal static Func<int, IMatrixEngine> EngineOf(ParseResult parsed)
    {
        if (parsed.GetValue(Engine) == Managed) return threads => new ManagedEngine(threads);
        if (!OpenBlasEngine.TryCreate(1, out _, out var reason))
            throw new UsageException(
                $"--engine: openblas must be on the machine, {reason}; install it, or use --engine managed");
        return threads =>
            OpenBlasEngine.TryCreate(threads, out var engine, out var gone) ? engine : throw new UsageException(gone);
    }

    private static Option<long?> Whole(string name, string description, long least, long most) => Parsed<long?>(name,
        "n", description, text =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
            && n >= least && n <= most ? n : null,
        $"the value must be a whole number from {least} to {most}", "use one in that range");

    /// <summary>An option of a text that <paramref name="parse"/> makes null of where it breaks the rule.</summary>
    private static Option<T> Parsed<T>(string name, string helpName, string description, Func<string, T> parse,
        string rule, string remedy) => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (parse(text) is { } value) return value;
                result.AddError($"{name}: {rule}, got '{text}'; {remedy}");
                return default;
            },
        };

    private static TimeSpan? ParseTime(string text)
    {
        var (number, unit) = text is [.. var digits, 's' or 'm' or 'h'] ? (digits, text[^1]) : (text, 's');
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n)
            && n <= 1e6 && (n == 0 || number != text)
            ? TimeSpan.FromSeconds(n * (unit == 'h' ? 3600 : unit == 'm' ? 60 : 1)) : null;
    }

    private static double[]? ParseParameters(ArgumentResult result)
    {
        var numbers = new List<double>();
        foreach (var part in string.Join(',', result.Tokens.Select(t => t.Value)).Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) || !(n >= 1 && n <= 1e18))
                result.AddError($"--parameters: numbers must be from 1 to 1e18, got '{part}'; write them as 1e4,1e6");
            else if (numbers.Count > 0 && n <= numbers[^1])
                result.AddError($"--parameters: numbers must increase, got {part} after {numbers[^1]:R}; write them as 1e4,1e6");
            numbers.Add(n);
        }
        return [.. numbers];
    }

    private static int[]? ParseWidths(ArgumentResult result)
    {
        var text = string.Join(',', result.Tokens.Select(t => t.Value));
        var widths = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) || n < 1)
                result.AddError($"--widths: widths must be whole numbers of at least 1, got '{part}'; " +
                    "write them as 50,100,200");
            else if (widths.Count > 0 && n <= widths[^1])
                result.AddError($"--widths: widths must increase, got {n} after {widths[^1]}; " +
                    "write them as 50,100,200");
            widths.Add(n);
        }
        return [.. widths];
    }
}

/// <summary>A wrong use of the program: one line for the user, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
