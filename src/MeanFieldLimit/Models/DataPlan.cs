using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>
/// What the data of a problem needs in memory: known, and refused, before it is drawn, read or unpacked.
/// </summary>
internal static class DataPlan
{
    // The eigenvectors of a matrix of this order take minutes.
    private const int MostRotated = 4096;

    /// <summary>Refuses generated points, and a teacher of them, that do not fit.</summary>
    internal static void CheckDrawn(LoadedProblem loaded, int points, int dimension)
    {
        var (data, training) = (loaded.Problem.Data, loaded.Problem.Training);
        // A limit under the flow is compared with one on another sample of what networks under SGD draw from.
        var compared = training.Dynamics == DynamicsKind.Sgd && loaded.Problem.Limit.Dynamics == DynamicsKind.Flow;
        var key = dimension > Math.Max(points, data.Test) ? "dimension" : data.Test > points ? "test" : "points";
        // Of images the dimension is that of rows and columns.
        if (data is TexturesData textures && key == "dimension")
            key = textures.Rows > textures.Columns ? "rows" : "columns";
        Check(loaded, $"$.data.{key}", "points", (compared ? 2 : 1) * ((double)points + data.Test) * (dimension + 1.0),
            Math.Max(points, data.Test) * (double)dimension,
            key == "dimension" ? "use a smaller dimension" : key == "test" ? "use fewer points" : $"use fewer {key}");
        CheckTeacher(loaded, dimension);
    }

    /// <summary>Refuses nodes for generated data, and a teacher of them, that do not fit.</summary>
    internal static void CheckNodes(LoadedProblem loaded, long nodes, int pointsPerNode)
    {
        if (!Fits(loaded.Problem, nodes, pointsPerNode, out var bytes))
            throw loaded.Error("$.data.expectation",
                $"the nodes of the data must fit into memory, {(double)nodes * pointsPerNode:G3} points, and those " +
                $"drawn beside them, take {MemoryLimit.Share(bytes)} (at most {Array.MaxLength} numbers in a " +
                "list); use fewer nodes, fewer inputs, or points");
        CheckTeacher(loaded, ((IGeneratedData)loaded.Problem.Data).Dimension);
    }

    /// <summary>Whether nodes for generated data fit, and the points that are drawn beside them.</summary>
    internal static bool Fits(Problem problem, long nodes, int pointsPerNode, out double bytes)
    {
        var dimension = (double)((IGeneratedData)problem.Data).Dimension;
        var points = (double)nodes * pointsPerNode;
        var drawn = ((double)problem.Data.Test + problem.Record.Points) * (dimension + 1);
        bytes = sizeof(double) * (nodes * (dimension + 1) + points * (dimension + 2) + drawn);
        return Math.Max(points * dimension, drawn) <= Array.MaxLength && bytes <= MemoryLimit.Bytes;
    }

    /// <summary>The parameters of a drawn teacher, and the activations of a point.</summary>
    private static void CheckTeacher(LoadedProblem loaded, int dimension)
    {
        if (loaded.Problem.Data is SyntheticData { Teacher.Width: { } width })
            Check(loaded, "$.data.teacher.width", "teachers", width * (dimension + 2.0), width * (double)dimension,
                "use a smaller width");
    }

    /// <summary>Refuses images that do not fit, by the sizes that their file declares and the labels.</summary>
    internal static void CheckImages(LoadedProblem loaded, string key, IReadOnlyList<int> sizes,
        (int Count, int Outputs) points, double kept)
    {
        var (count, outputs) = points;
        var bytes = sizes.Aggregate(1.0, (a, b) => a * b);
        var pool = ((IImageFiles)loaded.Problem.Data).Pool;
        var inputs = bytes / sizes[0] / pool / pool;
        // The bytes of the file, all points as numbers, and those that are kept of them.
        Check(loaded, key, $"images, {count} of {string.Join(" x ", sizes.Skip(1).DefaultIfEmpty(1))} " +
            $"pixels and {outputs} outputs,", (count + Math.Min(count, kept)) * (inputs + outputs)
            + bytes / sizeof(double), Math.Max(bytes, count * Math.Max(inputs, outputs)),
            "name two classes, or use a file with fewer images");
    }

    /// <summary>Refuses arrays that do not fit: all points, and those that are kept of them.</summary>
    internal static void CheckArrays(LoadedProblem loaded, double points, double kept, int inputs, int outputs) =>
        Check(loaded, "$.data.inputs", $"points, {points} of {inputs} inputs and {outputs} outputs,",
            (points + Math.Min(points, kept)) * ((double)inputs + outputs), points * Math.Max(inputs, outputs),
            "use fewer points");

    /// <summary>Refuses batches that do not fit, <paramref name="atOnce"/> of them together.</summary>
    internal static void CheckBatches(Model model, int atOnce)
    {
        var (inputs, outputs) = (model.Data.Train.Inputs, model.Embedding.Architecture.Outputs);
        if (model.Problem.Training.Batch is { } batch)
            Check(model.Loaded, "$.training.batch", $"batches, {atOnce} at once,",
                atOnce * Batch(batch, inputs, outputs), batch * (double)Math.Max(inputs, outputs),
                "use smaller ones or fewer threads");
    }

    /// <summary>Numbers of a batch.</summary>
    internal static double Batch(int points, double inputs, double outputs) => points * (inputs + outputs + 1);

    /// <summary>Refuses principal directions asked for of so many inputs that they take hours.</summary>
    internal static void CheckRotation(LoadedProblem loaded, int inputs)
    {
        if (loaded.Problem.Limit.Coordinates == Coordinates.Principal && inputs > MostRotated)
            throw loaded.Error("$.limit.coordinates", $"coordinates may be principal with at most {MostRotated} " +
                $"inputs, got {inputs}, whose directions take hours; use natural");
    }

    private static void Check(LoadedProblem loaded, string key, string what, double numbers, double largest,
        string remedy)
    {
        if (largest > Array.MaxLength || sizeof(double) * numbers > MemoryLimit.Bytes)
            throw loaded.Error(key, $"{what} must fit into memory, {numbers:G3} numbers take " +
                $"{MemoryLimit.Share(sizeof(double) * numbers)} (the largest array has {largest:G10} of at most " +
                $"{Array.MaxLength}); {remedy}");
    }
}
