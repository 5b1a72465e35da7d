using System.Diagnostics;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>A test that Python with NumPy has a part in; reported as skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Found = new(() =>
        new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(p => Answers(p, "import numpy")));

    public PythonFactAttribute() => Skip = Found.Value is null ? "no Python with NumPy was found" : null;

    /// <summary>The interpreter.</summary>
    internal static string Python => Found.Value!;

    private static bool Answers(string python, string line)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", line])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            return Mfl.Finish(process).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
