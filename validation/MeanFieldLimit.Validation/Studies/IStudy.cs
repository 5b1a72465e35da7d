namespace MeanFieldLimit.Validation.Studies;

/// <summary>A question about limits and finite networks that cells answer: a command of the program.</summary>
public interface IStudy : INamed
{
    /// <summary>The question, a sentence for the report.</summary>
    string Question { get; }

    /// <summary>What the command does, for its help, with an example.</summary>
    string Help { get; }

    /// <summary>The example that comes with the library and is taken where no problem is named.</summary>
    string Example => "three-layer";

    /// <summary>Whether it trains networks of the widths and seeds of <c>couple</c>.</summary>
    bool HasNetworks => true;

    /// <summary>Whether <c>couple.tracers</c> says how many of their neurons the limit carries along.</summary>
    bool HasTracers => HasNetworks;

    /// <summary>Whether it is asked of the widths of <c>couple</c>.</summary>
    bool HasWidths => HasNetworks;

    /// <summary>Whether it is asked of numbers of parameters, <c>advise.parameters</c>.</summary>
    bool HasParameters => false;

    /// <summary>Whether its runs may end where <c>training.until</c> has it, before the final time.</summary>
    bool HasUntil => false;

    /// <summary>The problem with the section of the study, where it has none.</summary>
    Problem Complete(Problem problem) => problem;

    /// <summary>
    /// How its networks and limits move and what its section asks for, in rows of a name and a value for the report.
    /// </summary>
    IEnumerable<(string Name, string Value)> Settings(Model model) => MotionText.Rows(model, HasNetworks);

    /// <summary>The cells that answer it: what is refused is refused here, before any work.</summary>
    /// <param name="model">What it is asked of.</param>
    /// <param name="threads">Cells that may be under way at once.</param>
    /// <exception cref="ProblemException">The problem does not allow the study.</exception>
    StudyPlan Plan(Model model, int threads);
}
