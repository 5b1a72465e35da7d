using MeanFieldLimit.Limits;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Coupling;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>What a study is called and asks, for its report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Question">The question, a sentence.</param>
/// <param name="Command">The command of the program that answers it: "couple --study step".</param>
public sealed record StudyHeading(string Name, string Question, string Command)
{
    /// <summary>That of a study of couple.</summary>
    public static StudyHeading Of(IStudy study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new(study.Name, study.Question, $"couple --study {study.Name}");
    }
}

/// <summary>A number that a study found.</summary>
/// <param name="Name">Its name in summary.json.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end of its 95 % interval; NaN where there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Meaning">What it is, for readers.</param>
public sealed record Finding(string Name, double Value, double Low, double High, string Meaning);

/// <summary>A table of a study, written as a CSV file.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Columns">Names of the columns in camel case, as in the other CSV files; the report spells them
/// out.</param>
/// <param name="Rows">Cells: numbers, or texts without a comma.</param>
/// <param name="Note">What it shows, for the report; a table without a note is a file only.</param>
public sealed record StudyTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object>> Rows,
    string? Note = null);

/// <summary>A run that did not reach its end.</summary>
/// <param name="What">Which one: "the network of width 100, seed 3".</param>
/// <param name="Run">What it reached.</param>
public sealed record StudyFailure(string What, Trained Run)
{
    /// <summary>A limit that did not reach its end; null of one that did.</summary>
    internal static StudyFailure? Of(string what, LimitSolution limit) =>
        limit.Limit.Run.Succeeded ? null : new(what, limit.Limit);

    /// <summary>The network that ended a coupling early; null where none did.</summary>
    internal static StudyFailure? Of(CouplingResult coupled, string detail = "") => coupled.Failure is not { } failed
        ? null
        : new($"the network of {detail}width {failed.Width}, seed {failed.Replicate}", failed.Network);
}

/// <summary>What a study found.</summary>
/// <param name="Headline">The answer in a sentence or two.</param>
/// <param name="Findings">Its numbers.</param>
/// <param name="Tables">Its tables.</param>
/// <param name="Failure">The run that ended it early; there are no findings then.</param>
public sealed record StudyResult(string Headline, IReadOnlyList<Finding> Findings, IReadOnlyList<StudyTable> Tables,
    StudyFailure? Failure = null)
{
    /// <summary>Its figures.</summary>
    internal IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>One that a run ended early, with the tables of what had finished.</summary>
    internal static StudyResult Ended(StudyFailure failure, params StudyTable[] tables) =>
        new($"The study ended early: {failure.What} did not reach the final time.", [], tables, failure);
}
