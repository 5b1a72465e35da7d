using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>Data of a continuous law: a sample of it, or the nodes of a quadrature rule.</summary>
internal static class GeneratedData
{
    // Layer 0 of the streams of nodes: types are of layers from 1 on.
    private const int Inputs = 0;

    /// <summary>
    /// What the problem asks for; sample 0 is its own, others are independent of it. Nodes are the same in all samples.
    /// </summary>
    internal static ExperimentData Load(LoadedProblem loaded, int sample)
    {
        var spec = (IGeneratedData)loaded.Problem.Data;
        if (spec.Expectation is { } rule) return OnNodes(loaded, rule, randomisation: 0);
        DataPlan.CheckDrawn(loaded, spec.Points!.Value, spec.Dimension);
        var law = Law(loaded.Problem);
        return new(Draw(loaded, law, spec.Points.Value, 2 * sample)!,
            Draw(loaded, law, loaded.Problem.Data.Test, 2 * sample + 1), law, Endless: true);
    }

    /// <summary>
    /// The law on the nodes of a rule for its inputs; beside them, drawn, the points that are watched and tested on.
    /// </summary>
    internal static ExperimentData OnNodes(LoadedProblem loaded, RuleSpec rule, int randomisation)
    {
        var (problem, law) = (loaded.Problem, Law(loaded.Problem));
        DataPlan.CheckNodes(loaded, Count(problem, rule), law.Marks.Length);
        return new(law.On(Nodes(problem, rule, randomisation)), Draw(loaded, law, problem.Data.Test, 1), law,
            Endless: true)
        { Watched = Draw(loaded, law, problem.Record.Points, 0) };
    }

    /// <summary>Whether the law on the nodes of a rule fits into memory.</summary>
    internal static bool Fits(Problem problem, RuleSpec rule) =>
        DataPlan.Fits(problem, Count(problem, rule), Law(problem).Marks.Length, out _);

    /// <summary>Number of nodes that a rule has for the inputs; long.MaxValue stands for any number beyond.</summary>
    internal static long Count(Problem problem, RuleSpec rule) => IsOnSphere(problem.Data) && rule is GaussSpec gauss
        ? new SphereProduct(gauss.Nodes, Dimension(problem)).Count
        : TypeRules.Build(rule, (ulong)problem.Seed, Inputs, 0).CountNodes(Normals(problem));

    /// <summary>
    /// The nodes. A random point on the sphere is a normal one over its length, and so are nodes of equal masses.
    /// </summary>
    private static Nodes Nodes(Problem problem, RuleSpec rule, int randomisation)
    {
        var sphere = IsOnSphere(problem.Data);
        if (sphere && rule is GaussSpec gauss) return new SphereProduct(gauss.Nodes, Dimension(problem)).Discretise();
        var nodes = TypeRules.Build(rule, (ulong)problem.Seed, Inputs, randomisation).Discretise(Normals(problem));
        for (var i = 0; sphere && i < nodes.Count; i++)
        {
            var x = nodes.Points.AsSpan(i * nodes.Dimension, nodes.Dimension);
            TensorPrimitives.Divide(x, TensorPrimitives.Norm<double>(x), x);
        }
        return nodes;
    }

    private static Dataset? Draw(LoadedProblem loaded, IDataLaw law, int count, int part)
    {
        if (count == 0) return null;
        var d = Dimension(loaded.Problem);
        var data = new Dataset(d, 1, Arrays.New("inputs", count, d), new double[count], law.Labels);
        law.Draw(Streams.Points((ulong)loaded.Problem.Seed, part), 0, data);
        return data;
    }

    private static int Dimension(Problem problem) => ((IGeneratedData)problem.Data).Dimension;

    private static bool IsOnSphere(DataSpec data) => data is SyntheticData { Inputs: InputLaw.Sphere };

    private static ILaw[] Normals(Problem problem) => [.. Enumerable.Repeat(new Gaussian(0, 1), Dimension(problem))];

    private static IDataLaw Law(Problem problem) => problem.Data switch
    {
        IsotropicData isotropic => new IsotropicGaussians(isotropic.Delta),
        TexturesData textures => new Textures(textures.Columns, textures.Period, textures.Noise),
        SyntheticData synthetic => new LabelledInputs(IsOnSphere(synthetic), Labels(synthetic, (ulong)problem.Seed),
            synthetic.Noise),
        _ => throw new NotSupportedException($"no law of kind {problem.Data.GetType().Name}"),
    };

    private static Func<ReadOnlySpan<double>, double> Labels(SyntheticData synthetic, ulong seed)
    {
        if (synthetic.Teacher is not { } teacher) return Catalogue.Find<ITarget>(synthetic.Target!).Value;
        var activation = Catalogue.Find<IActivation>(teacher.Activation);
        return teacher.Neurons is { } neurons
            ? new Teacher(activation, [.. neurons.SelectMany(n => n.W)], [.. neurons.Select(n => n.B)],
                [.. neurons.Select(n => n.A)]).Value
            : Teacher.Draw(synthetic.Dimension, teacher.Width!.Value, activation, Streams.Teacher(seed, 0),
                Streams.Teacher(seed, 1)).Value;
    }
}
