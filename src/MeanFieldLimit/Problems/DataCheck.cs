using MeanFieldLimit.Data;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of the data that span keys and need no data file.</summary>
internal static class DataCheck
{
    internal static Refusal? Refuse(Problem problem) => problem.Data switch
    {
        IGeneratedData when problem.Data.Corrupted > 0 => new("$.data.corrupted", "corrupted must be 0 of generated " +
            "data, whose law has no list of labels to replace some of, got " +
            $"{Number.Text(problem.Data.Corrupted)}; use given points, or the noise of synthetic data"),
        PointsData points => RefusePoints(points),
        CsvData csv => RefuseColumns(csv),
        IImageFiles { Classes: [var first, var second] } when first == second => new("$.data.classes[1]",
            $"classes must be two different labels, got {first} twice; name another one"),
        CifarData cifar => RefuseFiles(cifar),
        NumPyData arrays when arrays.InputsTest is null != arrays.OutputsTest is null => new("$.data.inputsTest",
            "test points must have inputs and labels, found one of inputsTest and outputsTest; give both"),
        IsotropicData isotropic => RefuseExpectation(problem, isotropic),
        SyntheticData synthetic => RefuseSynthetic(synthetic) ?? RefuseExpectation(problem, synthetic),
        _ => null,
    };

    private static Refusal? RefusePoints(PointsData data)
    {
        return RefuseRows(data.X, "x", "coordinates") ?? RefuseLength(data.Y.Count, "y", "row")
            ?? RefuseRows(data.Y, "y", "outputs") ?? RefuseLength(data.Masses?.Count, "masses", "entry")
            ?? RefuseTest()
            ?? (data.Test < data.X.Count ? null : new("$.data.test", "test must be below the number of points, got " +
                $"{data.Test} of {data.X.Count}; leave one point or more for training"));

        Refusal? RefuseTest() => (data.XTest, data.YTest) switch
        {
            (null, null) => null,
            ({ } x, { } y) when data.Test == 0 && x.Count == y.Count && x[0].Count == data.X[0].Count
                && y[0].Count == data.Y[0].Count =>
                RefuseRows(x, "xTest", "coordinates") ?? RefuseRows(y, "yTest", "outputs"),
            ({ } x, { } y) => new("$.data.xTest", "test points that are given must have inputs and labels of the " +
                $"sizes of x and y, and none be held out, got {x.Count} and {y.Count} rows of {x[0].Count} and " +
                $"{y[0].Count} beside test {data.Test}; complete them, and leave test out"),
            _ => new("$.data.xTest",
                "test points must have inputs and labels, found one of xTest and yTest; give both"),
        };

        Refusal? RefuseLength(int? count, string name, string entry) =>
            count is null || count == data.X.Count ? null : new($"$.data.{name}", $"{name} must have one {entry} per " +
                $"point of x, got {count} for {data.X.Count}; give both lists the same length");

        Refusal? RefuseRows(IReadOnlyList<IReadOnlyList<double>> rows, string name, string entries) =>
            rows[0].Count == 0
                ? new($"$.data.{name}[0]",
                    $"rows of {name} must have one number or more, got none; give the {entries} of the point")
                : rows.FirstRefusal((row, i) => row.Count == rows[0].Count ? null : new($"$.data.{name}[{i}]",
                    $"rows of {name} must have equally many {entries}, " +
                    $"got {row.Count} where {name}[0] has {rows[0].Count}; complete or shorten the row"));
    }

    private static Refusal? RefuseFiles(CifarData cifar)
    {
        var taken = new HashSet<string>();
        return cifar.Files.FirstRefusal((file, i) => Refuse(file, $"files[{i}]"))
            ?? (cifar.TestFile is { } test ? Refuse(test, "testFile") : null);

        Refusal? Refuse(string file, string key) => taken.Add(file) ? null : new($"$.data.{key}",
            $"files must be named once, got '{file}' again; name another file");
    }

    private static Refusal? RefuseColumns(CsvData csv)
    {
        var taken = new HashSet<string>();
        return RefuseNames(csv.Inputs, "inputs") ?? RefuseNames(csv.Outputs, "outputs")
            ?? (csv.Masses is { } masses ? RefuseName(masses, "masses") : null);

        Refusal? RefuseNames(IReadOnlyList<string>? names, string key) =>
            names?.FirstRefusal((name, i) => RefuseName(name, $"{key}[{i}]"));

        Refusal? RefuseName(string name, string key) => taken.Add(name) ? null : new($"$.data.{key}",
            $"columns must be named once, got '{name}' again; name another column");
    }

    private static Refusal? RefuseSynthetic(SyntheticData data) => data switch
    {
        { Target: null, Teacher: null } or { Target: not null, Teacher: not null } => new("$.data",
            "synthetic data must have either a target or a teacher, " +
            $"found {(data.Target is null ? "neither" : "both")}; give exactly one"),
        { Teacher: { } teacher } => RefuseTeacher(teacher, data.Dimension),
        { Target: { } name } when Catalogue.Find<ITarget>(name).LeastDimension is var least && data.Dimension < least =>
            new("$.data.dimension", $"dimension must be at least {least} for the target {name}, got " +
            $"{data.Dimension}; use {least} or more, or another target"),
        _ => null,
    };

    private static Refusal? RefuseTeacher(TeacherSpec teacher, int dimension) =>
        teacher.Width is null == teacher.Neurons is null
            ? new("$.data.teacher", "a teacher must have either a width or neurons, found " +
                $"{(teacher.Width is null ? "neither" : "both")}; give exactly one")
            : teacher.Neurons?.FirstRefusal((neuron, j) => neuron.W.Count == dimension ? null
                : new($"$.data.teacher.neurons[{j}].w", $"w must have one weight per input, got {neuron.W.Count} for " +
                    $"the dimension {dimension}; complete or shorten it"));

    /// <summary>What an expectation over the law of generated data asks of the rest of the problem.</summary>
    private static Refusal? RefuseExpectation(Problem problem, IGeneratedData data) => (data, data.Expectation) switch
    {
        ({ Points: null }, null) or ({ Points: not null }, not null) => new("$.data",
            "generated data must have either points, drawn, or an expectation, integrated, " +
            $"found {(data.Points is null ? "neither" : "both")}; give exactly one"),
        (_, null) => null,
        (SyntheticData { Inputs: InputLaw.Sphere }, PanelSpec or SmolyakSpec) =>
            new("$.data.expectation.rule", "the rule must be one for the sphere, whose coordinates are not " +
            $"independent, got {Names.OfKind(data.Expectation)}; use gauss or sobol, or gaussian inputs"),
        ({ Dimension: > Sobol.MostDimensions }, SobolSpec) => new("$.data.expectation.rule",
            $"sobol has at most {Sobol.MostDimensions} coordinates, the inputs have {data.Dimension}; use monte-carlo"),
        (SyntheticData { Noise: > 0 and var noise }, _)
            when problem.Training.Loss is not ("half-squared" or "squared") => new("$.data.noise",
            "noise beside an expectation must be under a squared loss, whose mean over it is exact, " +
            $"got {Number.Text(noise)} under {problem.Training.Loss}; use 0, half-squared, or points"),
        (_, SmolyakSpec) when problem is { Density: not null } or { Chaos: not null }
            or { Training.Dynamics: DynamicsKind.SgdDiffusion } => new("$.data.expectation.rule",
            "the rule must have masses that are not negative for a density, for chaos and for sgd-diffusion, got " +
            "smolyak; use gauss or sobol"),
        _ when problem.Limit.Reduction == Reduction.Isotropic => new("$.data.expectation",
            "an expectation must not be given with a reduced limit, which integrates the law of the data itself; " +
            "give points, or remove limit.reduction"),
        _ => null,
    };
}
