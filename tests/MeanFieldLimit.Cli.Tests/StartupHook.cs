/// <summary>
/// What .NET runs before a program where DOTNET_STARTUP_HOOKS names this assembly; it must have this name and no
/// namespace. It moves every later array by as many words as MFL_TEST_SHIFT says: a process as another one would be.
/// </summary>
internal static class StartupHook
{
    private static readonly List<long[]> Kept = [];

    public static void Initialize()
    {
        var shift = int.Parse(Environment.GetEnvironmentVariable("MFL_TEST_SHIFT")!,
            System.Globalization.CultureInfo.InvariantCulture);
        // Small objects and large ones have heaps of their own.
        foreach (var size in new[] { 1, 12_000 }) Kept.Add(new long[size + shift]);
    }
}
