using System.Reflection;
using System.Text;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// The program in the process of the tests, whose memory runtimeconfig.template.json limits to 1.5 GB: hundreds of runs
/// take seconds, an exception is seen as one, and what does not fit shows as on any machine. The console is shared: no
/// two at a time.
/// </summary>
internal static class InProcess
{
    internal const string Collection = "console";

    // AnsiConsole keeps the writer that it finds first.
    private static readonly Tap Said = new(), Complained = new();
    private static readonly MethodInfo Main = typeof(ExitCode).Assembly.EntryPoint!;

    /// <summary>Runs it; an exception is thrown on as it is.</summary>
    internal static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        var (output, errors) = (Console.Out, Console.Error);
        (Said.Text, Complained.Text) = (new(), new());
        Console.SetOut(Said);
        Console.SetError(Complained);
        try
        {
            return ((int)Main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!,
                $"{Said.Text}", $"{Complained.Text}");
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }

    /// <summary>
    /// Runs a problem text by a command in a new folder and checks what holds for every input: a documented code; a
    /// refusal in one line of place, rule and remedy, with nothing left behind.
    /// </summary>
    internal static (int Code, string Errors) Check(string text, params string[] command)
    {
        var folder = Directory.CreateTempSubdirectory("mfl-in-");
        try
        {
            var problem = Path.Combine(folder.FullName, "p.json");
            File.WriteAllText(problem, text, new UTF8Encoding(false));
            foreach (var (name, bytes) in Files) File.WriteAllBytes(Path.Combine(folder.FullName, name), bytes);
            var run = Path.Combine(folder.FullName, "run");
            var (code, output, errors) = Run([command[0], problem, .. command[1..], "--out", run, "--quiet"]);
            Assert.Contains(code, new[] { ExitCode.Done, ExitCode.Refused, ExitCode.Diverged, ExitCode.NotReached });
            Assert.True(code is ExitCode.Done or ExitCode.NotReached == (errors.Length == 0), $"{code}: {errors}");
            if (code == ExitCode.Refused)
            {
                Assert.Single(errors.TrimEnd().Split('\n'));
                Assert.StartsWith($"mfl: {problem}", errors, StringComparison.Ordinal);
                Assert.Contains("; ", errors, StringComparison.Ordinal);
                Assert.False(Directory.Exists(run), errors);
                Assert.Empty(output);
            }
            else
            {
                Assert.True(File.Exists(Path.Combine(run, "last-state.npz")) == (code == ExitCode.Diverged), errors);
                if (code != ExitCode.Diverged) Assert.True(File.Exists(Path.Combine(run, "report.html")));
            }
            return (code, errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Tap : TextWriter
    {
        internal StringBuilder Text { get; set; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Text.Append(value);
    }

    /// <summary>Data files beside every problem: images, a table, and arrays.</summary>
    private static readonly (string, byte[])[] Files =
    [
        ("images", [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102, 153, 204]),
        ("labels", [0, 0, 8, 1, 0, 0, 0, 3, 4, 9, 4]),
        ("batch-1", [.. Colours(4), .. Colours(9)]),
        ("batch-2", [.. Colours(9), .. Colours(0)]),
        ("batch-3", [.. Colours(9), .. Colours(4)]),
        ("table.csv", Encoding.ASCII.GetBytes("x,y\n1,0.5\n2,1\n-1,0\n")),
        ("x.npy", Npy(1, 2, -1)),
        ("y.npy", Npy(0.5, 1, 0)),
    ];

    /// <summary>A record of CIFAR-100: 3 x 32 x 32 pixels, the first half of them black.</summary>
    private static byte[] Colours(byte label) =>
        [0, label, .. Enumerable.Range(0, 3072).Select(j => (byte)(j < 1536 ? 0 : 100 + label))];

    private static byte[] Npy(params double[] values)
    {
        using var stream = new MemoryStream();
        new NumPyArray([values.Length], values).Write(stream);
        return stream.ToArray();
    }
}
