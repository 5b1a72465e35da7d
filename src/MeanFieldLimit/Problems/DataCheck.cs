using MeanFieldLimit.Data;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of the data that span keys and need no data file.</summary>
internal static class DataCheck
{
    internal static void Check(LoadedProblem loaded)
    {
        switch (loaded.Problem.Data)
        {
            case PointsData points:
                CheckPoints(loaded, points);
                CheckTest(loaded, points.Test, points.X.Count);
                break;
            case CsvData csv:
                CheckColumns(loaded, csv);
                break;
            case IdxData { Classes: [var first, var second] } when first == second:
                throw loaded.Error("$.data.classes[1]",
                    $"classes must be two different labels, got {first} twice; name another one");
            case IsotropicData isotropic:
                ExpectationCheck.Check(loaded, isotropic);
                break;
            case SyntheticData synthetic:
                CheckSynthetic(loaded, synthetic);
                ExpectationCheck.Check(loaded, synthetic);
                break;
        }
    }

    private static void CheckPoints(LoadedProblem loaded, PointsData data)
    {
        CheckRows(loaded, data.X, "x", "coordinates");
        if (data.Y.Count != data.X.Count)
            throw loaded.Error("$.data.y",
                $"y must have one row per point of x, got {data.Y.Count} for {data.X.Count}; " +
                "give both lists the same length");
        CheckRows(loaded, data.Y, "y", "outputs");
        if (data.Masses is { } masses && masses.Count != data.X.Count)
            throw loaded.Error("$.data.masses",
                $"masses must have one entry per point of x, got {masses.Count} for {data.X.Count}; " +
                "give both lists the same length");
    }

    private static void CheckRows(
        LoadedProblem loaded, IReadOnlyList<IReadOnlyList<double>> rows, string name, string entries)
    {
        if (rows[0].Count == 0)
            throw loaded.Error($"$.data.{name}[0]",
                $"rows of {name} must have one number or more, got none; give the {entries} of the point");
        for (var i = 1; i < rows.Count; i++)
            if (rows[i].Count != rows[0].Count)
                throw loaded.Error($"$.data.{name}[{i}]",
                    $"rows of {name} must have equally many {entries}, " +
                    $"got {rows[i].Count} where {name}[0] has {rows[0].Count}; complete or shorten the row");
    }

    private static void CheckTest(LoadedProblem loaded, int test, int points)
    {
        if (test >= points)
            throw loaded.Error("$.data.test",
                $"test must be below the number of points, got {test} of {points}; " +
                "leave one point or more for training");
    }

    private static void CheckColumns(LoadedProblem loaded, CsvData csv)
    {
        CheckNames(csv.Inputs ?? [], "inputs", []);
        CheckNames(csv.Outputs ?? [], "outputs", csv.Inputs ?? []);
        if (csv.Masses is { } masses && (csv.Inputs ?? []).Concat(csv.Outputs ?? []).Contains(masses))
            throw loaded.Error("$.data.masses",
                $"columns must be named once, got '{masses}' again; name another column");

        void CheckNames(IReadOnlyList<string> names, string key, IReadOnlyList<string> taken)
        {
            for (var i = 0; i < names.Count; i++)
                if (taken.Contains(names[i]) || names.Take(i).Contains(names[i]))
                    throw loaded.Error($"$.data.{key}[{i}]",
                        $"columns must be named once, got '{names[i]}' again; name another column");
        }
    }

    private static void CheckSynthetic(LoadedProblem loaded, SyntheticData data)
    {
        if (data.Target is null == data.Teacher is null)
            throw loaded.Error("$.data",
                "synthetic data must have either a target or a teacher, " +
                $"found {(data.Target is null ? "neither" : "both")}; give exactly one");
        if (data.Teacher is { } teacher) CheckTeacher(loaded, teacher, data.Dimension);
        if (data.Target is null) return;
        var target = Catalogue.Find<ITarget>(data.Target);
        if (data.Dimension < target.LeastDimension)
            throw loaded.Error("$.data.dimension",
                $"dimension must be at least {target.LeastDimension} for the target {target.Name}, " +
                $"got {data.Dimension}; use {target.LeastDimension} or more, or another target");
    }

    private static void CheckTeacher(LoadedProblem loaded, TeacherSpec teacher, int dimension)
    {
        if (teacher.Width is null == teacher.Neurons is null)
            throw loaded.Error("$.data.teacher",
                "a teacher must have either a width or neurons, " +
                $"found {(teacher.Width is null ? "neither" : "both")}; give exactly one");
        for (var j = 0; j < teacher.Neurons?.Count; j++)
            if (teacher.Neurons[j].W.Count != dimension)
                throw loaded.Error($"$.data.teacher.neurons[{j}].w",
                    $"w must have one weight per input, got {teacher.Neurons[j].W.Count} for the dimension " +
                    $"{dimension}; complete or shorten it");
    }
}
