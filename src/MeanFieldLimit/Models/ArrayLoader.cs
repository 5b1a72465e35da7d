using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;
using static MeanFieldLimit.Models.DataLoader;

namespace MeanFieldLimit.Models;

/// <summary>Loads arrays of NumPy: shapes first, so that what does not fit is refused before it is read.</summary>
internal static class ArrayLoader
{
    /// <inheritdoc cref="DataLoader.Load"/>
    internal static NumPyPoints Load(LoadedProblem loaded, string? folder, NumPyData arrays, LabelKind labels)
    {
        var x = Shape("inputs", arrays.Inputs);
        var y = Shape("outputs", arrays.Outputs, x);
        if (arrays.Masses is { } named) Shape("masses", named, x);
        var tests = 0;
        if (arrays is { InputsTest: { } inputsTest, OutputsTest: { } outputsTest })
        {
            var test = Shape("inputsTest", inputsTest, like: x);
            Shape("outputsTest", outputsTest, test, y);
            tests = test[0];
        }
        var kept = (arrays.Train ?? x[0]) + (arrays.Test == 0 ? tests : (double)arrays.Test);
        DataPlan.CheckArrays(loaded, (double)x[0] + tests, kept, NumPyPoints.Length(x), NumPyPoints.Length(y));
        NumPyArray[] points = [Values("inputs", arrays.Inputs), Values("outputs", arrays.Outputs)];
        var masses = arrays.Masses is null ? null : Values("masses", arrays.Masses);
        NumPyArray[] held = tests == 0 ? []
            : [Values("inputsTest", arrays.InputsTest!), Values("outputsTest", arrays.OutputsTest!)];
        return Reading(loaded, folder, arrays.Path ?? arrays.Outputs, arrays.Path is null ? "$.data.outputs"
            : "$.data.path", _ => NumPyPoints.Build(points, masses, held, labels));

        int[] Shape(string key, string name, int[]? inputs = null, int[]? like = null) =>
            Array(key, name, (stream, length) =>
            {
                var shape = NumPyHeader.Read(stream, length).Shape;
                NumPyPoints.CheckShape(shape, key, inputs?[0], like);
                return shape;
            });

        NumPyArray Values(string key, string name) => Array(key, name, NumPyArray.Read);

        T Array<T>(string key, string name, Func<Stream, long, T> read) => arrays.Path is { } archive
            ? Reading(loaded, folder, archive, "$.data.path", path => NumPyArchive.Names(path) is var names &&
                names.Contains(name) ? NumPyArchive.Read(path, name, read) : throw new DataKeyException(key,
                    $"there is no array '{name}' in the file, found {string.Join(", ", names)}; name one of these"))
            : Reading(loaded, folder, name, $"$.data.{key}", path =>
            {
                using var file = File.OpenRead(path);
                return read(file, file.Length);
            });
    }
}
