namespace MeanFieldLimit.Validation;

/// <summary>The files of <c>examples/</c> that come with the library.</summary>
public static class Examples
{
    /// <summary>The problem of the file of that name, without its ending.</summary>
    /// <exception cref="ArgumentException">It does not come with the library.</exception>
    public static LoadedProblem Read(string name)
    {
        using var stream = typeof(Examples).Assembly.GetManifestResourceStream($"{name}.json")
            ?? throw new ArgumentException($"the example must come with the library, got '{name}'", nameof(name));
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return ProblemFile.Parse($"{name}.json", text);
    }
}
