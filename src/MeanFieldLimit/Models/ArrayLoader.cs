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
        var y = Shape("outputs", arrays.Outputs, x[0]);
        if (arrays.Masses is { } named) Shape("masses", named, x[0]);
        DataPlan.CheckArrays(loaded, x[0], NumPyPoints.Length(x), NumPyPoints.Length(y));
        var (inputs, outputs) = (Values("inputs", arrays.Inputs), Values("outputs", arrays.Outputs));
        var masses = arrays.Masses is null ? null : Values("masses", arrays.Masses);
        return Reading(loaded, folder, arrays.Path ?? arrays.Outputs, arrays.Path is null ? "$.data.outputs"
            : "$.data.path", _ => NumPyPoints.Build(inputs, outputs, masses, labels));

        int[] Shape(string key, string name, int? points = null) => Array(key, name, (stream, length) =>
        {
            var shape = NumPyHeader.Read(stream, length).Shape;
            NumPyPoints.CheckShape(shape, key, points);
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
