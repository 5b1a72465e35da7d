namespace MeanFieldLimit.Problems;

/// <summary>
/// A problem and the file it came from. Options of the command line change it by
/// <c>loaded with { Problem = ... }</c>, to be checked again by <see cref="ProblemCheck.Check"/>.
/// </summary>
/// <param name="Problem">The problem.</param>
/// <param name="File">The file as its user named it.</param>
/// <param name="Folder">The full path of the folder of the file, where relative paths in it start.</param>
public sealed record LoadedProblem(Problem Problem, string File, string Folder)
{
    // Null where the problem was put together in code.
    internal Located? Root { get; init; }

    /// <summary>
    /// A refusal of the value at a key path, on its line or, where the file does not have the key, on the line of
    /// the nearest ancestor that it has.
    /// </summary>
    /// <param name="path">The key path, such as $.data.images.</param>
    /// <param name="ruleValueRemedy">One line: "images must exist, found no file 'a.gz'; check the path".</param>
    public ProblemException Error(string path, string ruleValueRemedy) =>
        new(File, Root?.LineOf(path) ?? 0, path, ruleValueRemedy);

    internal void Throw(Refusal? refusal)
    {
        if (refusal is not null) throw Error(refusal.Path, refusal.Rule);
    }
}
