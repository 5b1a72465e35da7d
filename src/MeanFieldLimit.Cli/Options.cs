using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Cli;

/// <summary>The options of <c>solve</c> and <c>couple</c>. Those that a problem file has too override it.</summary>
internal sealed class Options
{
    private readonly Argument<string?> problem = new("problem.json")
    {
        Description = "The problem file; without it the built-in three-layer problem.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<int[]?> widths = new("--widths")
    {
        Description = "Widths of the finite networks, such as 50,100,200.",
        CustomParser = Widths,
    };
    private readonly Option<long?> seeds = Whole("--seeds", "Number of networks of each width.", 1, int.MaxValue);
    private readonly Option<long?> seed = Whole("--seed", "Seed of everything random.", long.MinValue, long.MaxValue);
    private readonly Option<string?> data = new("--data") { Description = "Folder of the problem's data files." };
    private readonly Option<string?> output = new("--out")
    {
        Description = "Output folder; default: a new one under runs/.",
    };
    private readonly Option<bool> force = new("--force") { Description = "Write into --out even if it is not empty." };
    private readonly Option<long?> threads = Whole("--threads",
        "Threads; the result does not depend on it. Default: all cores.", 1, 1024);
    private readonly Option<bool> quiet = new("--quiet") { Description = "No progress, only the result." };
    private readonly Option<string> engine = new("--engine")
    {
        Description = "Matrix products: managed, or openblas if it is on the machine.",
        DefaultValueFactory = _ => Managed,
    };

    internal const string Managed = "managed", OpenBlas = "openblas";

    internal Options(Command command, bool coupling)
    {
        problem.Validators.Add(result =>
        {
            // An option that is not known, or a value that belongs to an option, would otherwise be taken for a file.
            if (result.Tokens is [{ Value: var value }]
                && (value.Length == 0 || value[0] == '-'
                    || double.TryParse(value, CultureInfo.InvariantCulture, out _)))
                result.AddError($"a problem file is expected, got '{value}'; see --help for the options " +
                    "(lists are written 50,100,200)");
        });
        engine.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && value is not (Managed or OpenBlas))
                result.AddError($"--engine: the engine must be {Managed} or {OpenBlas}, got '{value}'; " +
                    "name one of them");
        });
        output.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError("--out: the folder must have a name, got ''; name one");
        });
        command.Arguments.Add(problem);
        if (coupling)
        {
            command.Options.Add(widths);
            command.Options.Add(seeds);
        }
        foreach (var option in new Option[] { output, force, seed, data, threads, engine, quiet })
            command.Options.Add(option);
    }

    /// <summary>What the command line asks for: the problem read and overridden, nothing computed.</summary>
    /// <exception cref="ProblemException">The problem is refused.</exception>
    internal Request Read(ParseResult parsed)
    {
        var loaded = parsed.GetValue(problem) is { } path ? ProblemFile.Read(path) : BuiltIn();
        var couple = loaded.Problem.Couple;
        loaded = loaded with
        {
            Problem = loaded.Problem with
            {
                Seed = parsed.GetValue(seed) ?? loaded.Problem.Seed,
                Couple = couple with
                {
                    Widths = parsed.GetValue(widths) is { Length: > 0 } asked ? asked : couple.Widths,
                    Seeds = (int?)parsed.GetValue(seeds) ?? couple.Seeds,
                },
            },
        };
        ProblemCheck.Check(loaded);
        return new(loaded, parsed.GetValue(data), parsed.GetValue(output), parsed.GetValue(force),
            (int?)parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(quiet),
            Engines(parsed.GetValue(engine)!));
    }

    private static LoadedProblem BuiltIn()
    {
        using var stream = typeof(Options).Assembly.GetManifestResourceStream("three-layer.json")!;
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return ProblemFile.Parse("three-layer.json", text);
    }

    /// <summary>The engine of a name, for a number of threads.</summary>
    internal static Func<int, IMatrixEngine> Engines(string name)
    {
        if (name == Managed) return threads => new ManagedEngine(threads);
        if (!OpenBlasEngine.TryCreate(1, out _, out var reason))
            throw new UsageException(
                $"--engine: openblas must be on the machine, {reason}; install it, or use --engine managed");
        return threads =>
            OpenBlasEngine.TryCreate(threads, out var engine, out var gone) ? engine : throw new UsageException(gone);
    }

    /// <summary>An option that takes a whole number of a range.</summary>
    internal static Option<long?> Whole(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
                && n >= least && n <= most)
                return n;
            result.AddError($"{name}: the value must be a whole number from {least} to {most}, got '{text}'; " +
                "use one in that range");
            return null;
        },
    };

    private static int[]? Widths(ArgumentResult result)
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

/// <summary>A run that was asked for.</summary>
internal sealed record Request(LoadedProblem Loaded, string? DataFolder, string? Output, bool Force, int Threads,
    bool Quiet, Func<int, IMatrixEngine> Engine);

/// <summary>A wrong use of the program: one line for the user, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
