using MeanFieldLimit.Data;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of the data that span keys and need no data file.</summary>
internal static class DataCheck
{
    internal static ProblemException? Refuse(LoadedProblem loaded) => loaded.Problem.Data switch
    {
        PointsData points => RefusePoints(loaded, points),
        CsvData csv => RefuseColumns(loaded, csv),
        IdxData { Classes: [var first, var second] } when first == second => loaded.Error("$.data.classes[1]",
            $"classes must be two different labels, got {first} twice; name another one"),
        IsotropicData isotropic => ExpectationCheck.Refuse(loaded, isotropic),
        SyntheticData synthetic => RefuseSynthetic(loaded, synthetic) ?? ExpectationCheck.Refuse(loaded, synthetic),
        _ => null,
    };

    private static ProblemException? RefusePoints(LoadedProblem loaded, PointsData data)
    {
        return RefuseRows(data.X, "x", "coordinates") ?? RefuseLength(data.Y.Count, "y", "row")
            ?? RefuseRows(data.Y, "y", "outputs") ?? RefuseLength(data.Masses?.Count, "masses", "entry")
            ?? (data.Test < data.X.Count ? null : loaded.Error("$.data.test",
                $"test must be below the number of points, got {data.Test} of {data.X.Count}; " +
                "leave one point or more for training"));

        ProblemException? RefuseLength(int? count, string name, string entry) =>
            count is null || count == data.X.Count ? null : loaded.Error($"$.data.{name}",
                $"{name} must have one {entry} per point of x, got {count} for {data.X.Count}; " +
                "give both lists the same length");

        ProblemException? RefuseRows(IReadOnlyList<IReadOnlyList<double>> rows, string name, string entries) =>
            rows[0].Count == 0
                ? loaded.Error($"$.data.{name}[0]",
                    $"rows of {name} must have one number or more, got none; give the {entries} of the point")
                : rows.FirstRefusal((row, i) => row.Count == rows[0].Count ? null : loaded.Error($"$.data.{name}[{i}]",
                    $"rows of {name} must have equally many {entries}, " +
                    $"got {row.Count} where {name}[0] has {rows[0].Count}; complete or shorten the row"));
    }

    private static ProblemException? RefuseColumns(LoadedProblem loaded, CsvData csv)
    {
        var taken = new HashSet<string>();
        return RefuseNames(csv.Inputs, "inputs") ?? RefuseNames(csv.Outputs, "outputs")
            ?? (csv.Masses is { } masses ? RefuseName(masses, "masses") : null);

        ProblemException? RefuseNames(IReadOnlyList<string>? names, string key) =>
            names?.FirstRefusal((name, i) => RefuseName(name, $"{key}[{i}]"));

        ProblemException? RefuseName(string name, string key) => taken.Add(name) ? null : loaded.Error($"$.data.{key}",
            $"columns must be named once, got '{name}' again; name another column");
    }

    private static ProblemException? RefuseSynthetic(LoadedProblem loaded, SyntheticData data) => data switch
    {
        { Target: null, Teacher: null } or { Target: not null, Teacher: not null } => loaded.Error("$.data",
            "synthetic data must have either a target or a teacher, " +
            $"found {(data.Target is null ? "neither" : "both")}; give exactly one"),
        { Teacher: { } teacher } => RefuseTeacher(loaded, teacher, data.Dimension),
        { Target: { } name } when Catalogue.Find<ITarget>(name).LeastDimension is var least && data.Dimension < least =>
            loaded.Error("$.data.dimension",
            $"dimension must be at least {least} for the target {name}, " +
            $"got {data.Dimension}; use {least} or more, or another target"),
        _ => null,
    };

    private static ProblemException? RefuseTeacher(LoadedProblem loaded, TeacherSpec teacher, int dimension) =>
        teacher.Width is null == teacher.Neurons is null
            ? loaded.Error("$.data.teacher",
                "a teacher must have either a width or neurons, " +
                $"found {(teacher.Width is null ? "neither" : "both")}; give exactly one")
            : teacher.Neurons?.FirstRefusal((neuron, j) => neuron.W.Count == dimension ? null
                : loaded.Error($"$.data.teacher.neurons[{j}].w",
                    $"w must have one weight per input, got {neuron.W.Count} for the dimension " +
                    $"{dimension}; complete or shorten it"));
}
