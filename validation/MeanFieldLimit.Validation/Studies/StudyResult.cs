using System.Text.Json.Serialization;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>A number that a study found.</summary>
/// <param name="Name">Its name in summary.json.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end of its 95 % interval; NaN where there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Meaning">What it is, for readers.</param>
public sealed record Finding([property: JsonIgnore] string Name, double Value, double Low, double High, string Meaning)
{
    /// <summary>One without an interval.</summary>
    internal static Finding Of(string name, double value, string meaning) =>
        new(name, value, double.NaN, double.NaN, meaning);

    /// <summary>The exponent of a law, or why none is told.</summary>
    internal static Finding Of(string name, PowerLaw law, string meaning) =>
        new(name, law.Slope, law.Low, law.High, meaning + law.Remark);
}

/// <summary>A table of a study, written as a CSV file.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Columns">Names of the columns in camel case, as in the other CSV files; the report spells them
/// out.</param>
/// <param name="Rows">Fields: numbers or texts; made when they are written.</param>
/// <param name="Note">What it shows, for the report; a table without a note is a file only.</param>
public sealed record StudyTable(string Name, IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<object>> Rows,
    string? Note = null)
{
    /// <summary>Its heading in the report.</summary>
    internal string Heading { get; init; } = Name == "study" ? "Result"
        : Name.Replace("study-", "", StringComparison.Ordinal) is [var first, .. var rest]
            ? char.ToUpperInvariant(first) + rest : Name;
}

/// <summary>What a study found.</summary>
/// <param name="Headline">The answer in a sentence or two.</param>
/// <param name="Findings">Its numbers.</param>
/// <param name="Tables">Its tables.</param>
public sealed record StudyResult(string Headline, IReadOnlyList<Finding> Findings, IReadOnlyList<StudyTable> Tables)
{
    /// <summary>Runs that did not reach their end.</summary>
    public IReadOnlyList<CellFailure> Failures { get; init; } = [];

    /// <summary>The limit that it is about, where it is one.</summary>
    public LimitSolution? Limit { get; init; }

    /// <summary>The neurons of the limit as arrays for state.npz; those of <see cref="Limit"/> unless given.</summary>
    public IReadOnlyDictionary<string, NumPyArray>? Neurons
    {
        get => field ?? Limit?.Neurons();
        init;
    }

    /// <summary>Arrays to be files of their own, by their names.</summary>
    public IReadOnlyDictionary<string, NumPyArray> Arrays { get; init; } = new Dictionary<string, NumPyArray>();

    /// <summary>What stands in summary.json beside the findings, by its names there.</summary>
    public IReadOnlyDictionary<string, object> Parts { get; init; } = new Dictionary<string, object>();

    /// <summary>The networks coupled to that limit, where there are any.</summary>
    internal CouplingResult? Coupled { get; init; }

    /// <summary>What is printed, in place of the headline.</summary>
    public string? Text { get; init; }

    /// <summary>Its figures; null in the place of one that there is not.</summary>
    public IReadOnlyList<Figure?> Figures { get; init; } = [];

    /// <summary>The frames of its moving picture, in the order of their times.</summary>
    public IReadOnlyList<Figure> Frames { get; init; } = [];

    /// <summary>One that runs ended early, with the tables of what had finished.</summary>
    internal static StudyResult Ended(IReadOnlyList<CellFailure> failures, params StudyTable[] tables) =>
        new($"The study ended early: {failures[0].What} did not reach the final time.", [], tables)
        {
            Failures = failures,
        };
}
