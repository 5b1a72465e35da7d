using MeanFieldLimit.Experiments;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>A question about finite networks and their limits that a run of networks answers with numbers.</summary>
public interface IStudy : INamed
{
    /// <summary>The question, a sentence for the report.</summary>
    string Question { get; }

    /// <summary>
    /// The experiments that it runs in place of the one given, each checked as a problem file is: what is refused is
    /// refused here, before any work.
    /// </summary>
    /// <exception cref="Problems.ProblemException">The problem does not allow the study.</exception>
    IReadOnlyList<Experiment> Variants(Experiment experiment);

    /// <summary>Networks (with their tracers, where they have them) that one thread holds at once.</summary>
    int NetworksAtOnce(Experiment variant);

    /// <summary>Runs the variants. What finished before a failure is in the result's tables.</summary>
    StudyResult Run(IReadOnlyList<Experiment> variants, Workbench bench);
}
