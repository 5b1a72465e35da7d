/// <summary>
/// What .NET runs before a program where DOTNET_STARTUP_HOOKS names this assembly; it must have this name and no
/// namespace. It moves every later array by as many words as MFL_TEST_SHIFT says, and if it moves them, numbers are
/// written with a comma: a process as another one would be, on a machine of another language. And it adds the command
/// <c>mfl toy</c>.
/// </summary>
internal static class StartupHook
{
    private static readonly List<long[]> Kept = [];

    public static void Initialize()
    {
        MeanFieldLimit.Cli.Commands.All.InsertRange(0,
            [MeanFieldLimit.Cli.Tests.ToyCommand.Create]);
        var shift = int.Parse(Environment.GetEnvironmentVariable("MFL_TEST_SHIFT") ?? "0",
            CultureInfo.InvariantCulture);
        // Small objects and large ones have heaps of their own.
        foreach (var size in new[] { 1, 12_000 }) Kept.Add(new long[size + shift]);
        if (shift == 0) return;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = comma.NumberFormat.PercentDecimalSeparator = ",";
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = comma;
    }
}
