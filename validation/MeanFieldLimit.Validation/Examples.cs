namespace MeanFieldLimit.Validation;

/// <summary>The files of <c>examples/</c> that come with the library.</summary>
public static class Examples
{
    /// <summary>The problem of the file of that name, without its ending.</summary>
    /// <exception cref="ArgumentException">It does not come with the library.</exception>
    public static LoadedProblem Read(string name) => ProblemFile.Parse($"{name}.json", Text($"{name}.json"));

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(Examples).Assembly.GetManifestResourceNames().Where(n => Path.GetExtension(n) == ".json")
            .Select(n => Path.GetFileNameWithoutExtension(n)!).Order(StringComparer.Ordinal),
    ];

    /// <summary>A file, byte for byte.</summary>
    /// <exception cref="ArgumentException">It does not come with the library.</exception>
    public static byte[] Text(string file)
    {
        using var stream = typeof(Examples).Assembly.GetManifestResourceStream(file)
            ?? throw new ArgumentException($"the example must come with the library, got '{file}'", nameof(file));
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
