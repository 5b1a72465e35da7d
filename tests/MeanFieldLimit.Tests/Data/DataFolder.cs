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
}
