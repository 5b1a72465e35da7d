using MeanFieldLimit.Models;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>A question about finite networks and their limits that a run of networks answers with numbers.</summary>
public interface IStudy : INamed
{
    /// <summary>The question, a sentence for the report.</summary>
    string Question { get; }

    /// <summary>
    /// The models that it runs in place of the one given, each checked as a problem file is: what is refused is
    /// refused here, before any work.
    /// </summary>
    /// <exception cref="Problems.ProblemException">The problem does not allow the study.</exception>
    IReadOnlyList<Model> Variants(Model model);

    /// <summary>Networks (with their tracers, where they have them) that one thread holds at once.</summary>
    int NetworksAtOnce(Model variant);

    /// <summary>Runs the variants. What finished before a failure is in the result's tables.</summary>
    StudyResult Run(IReadOnlyList<Model> variants, Workbench bench);
}
