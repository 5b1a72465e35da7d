using MeanFieldLimit.Data;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Data;

/// <summary>A folder of data files that a test writes.</summary>
internal sealed class DataFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("mfl-data-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal string Write(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The data of a problem in this folder.</summary>
    internal ExperimentData Load(DataSpec data, string loss = "half-squared") => DataLoader.Load(new(new()
    {
        Data = data,
        Network = new()
        {
            Layers =
            [
                new() { Weights = new ConstantLaw { Value = 1 }, Activation = "tanh" },
                new() { Weights = new ConstantLaw { Value = 1 } },
            ],
        },
        Training = new() { Loss = loss, Time = 1 },
    }, "p.json", Path), null);

    internal string Refusal(DataSpec data, string loss = "half-squared") =>
        Assert.Throws<ProblemException>(() => Load(data, loss)).Message;

    internal void Refused(DataSpec data, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, Refusal(data), StringComparison.Ordinal));
}
