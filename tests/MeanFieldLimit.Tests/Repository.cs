namespace MeanFieldLimit.Tests;

/// <summary>Files of the repository, and those beside it that may be absent.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    internal static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>A file of the folder `shared` beside the repository, or null where it is absent.</summary>
    internal static string? Shared(string relative) =>
        System.IO.Path.Combine(Root, "..", "shared", relative) is var path && File.Exists(path) ? path : null;

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "MeanFieldLimit.sln")))
            folder = System.IO.Path.GetDirectoryName(folder)!;
        return folder;
    }
}
