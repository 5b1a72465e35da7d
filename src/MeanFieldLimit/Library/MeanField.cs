using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

// What one namespace is to be imported for.
#pragma warning disable IDE0130
namespace MeanFieldLimit;

/// <summary>The program's main verbs in C#: read a problem, solve its limit, train networks of it.</summary>
public static class MeanField
{
    /// <summary>The model of a problem file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="change">What is to be changed of its problem.</param>
    /// <param name="dataFolder">Where its data files are, if not beside it.</param>
    /// <exception cref="ProblemException">The problem is refused: file, line, key, rule, remedy.</exception>
    public static Model Read(string path, Func<Problem, Problem>? change = null, string? dataFolder = null)
    {
        var loaded = ProblemFile.Read(path);
        if (change is not null) ProblemCheck.Check(loaded = loaded with { Problem = change(loaded.Problem) });
        return Model.Build(loaded, dataFolder);
    }

    /// <summary>The limit, with the error of its discretisation.</summary>
    /// <param name="model">What it is the limit of.</param>
    /// <param name="threads">Threads; results have the same bits for any.</param>
    public static LimitSolution Solve(this Model model, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Certifier.Solve(ILimit.Of(model), new() { Threads = threads });
    }

    /// <summary>A finite network from the initialization that the limit has, trained to the final time.</summary>
    /// <param name="model">What it is a network of.</param>
    /// <param name="widths">N_1..N_(L-1).</param>
    /// <param name="replicate">Which of the independent networks; those of <c>mfl couple</c> start from 0.</param>
    /// <param name="threads">Threads; results have the same bits for any.</param>
    public static Trained Train(this Model model, IReadOnlyList<int> widths, int replicate = 0, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run.Of(model, model.Sample(widths, replicate), model.Dynamics, model.NetworkDraw(replicate),
            new() { Threads = threads }).Complete().Trained;
    }
}
