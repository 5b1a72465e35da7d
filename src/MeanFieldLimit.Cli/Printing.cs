using System.Runtime.InteropServices;
using System.Text;

namespace MeanFieldLimit.Cli;

/// <summary>
/// Standard output and standard error, either of which may be closed or full: what cannot be printed is dropped, so
/// that a run goes on and its exit code says how it ended.
/// </summary>
/// <remarks>
/// A closed stream is not written to at all. Its number then belongs to the first file that the runtime opened, which
/// may be the memory of its compiled code. Such files are marked as not to be inherited, standard streams never are.
/// </remarks>
internal sealed class Printing : TextWriter
{
    private const int GetFlags = 1, CloseOnExecute = 1;
    private readonly TextWriter stream;

    private Printing(TextWriter stream) => this.stream = stream;

    public override Encoding Encoding => stream.Encoding;

    /// <summary>Why something was not printed; null where all was.</summary>
    internal string? Lost { get; private set; }

    /// <summary>Takes the place of both streams; returns standard output.</summary>
    internal static Printing Begin()
    {
        var output = new Printing(IsOpen(1) ? Console.Out : Null);
        if (!IsOpen(1)) output.Lost = "standard output is closed";
        Console.SetOut(output);
        Console.SetError(new Printing(IsOpen(2) ? Console.Error : Null));
        return output;
    }

    public override void Write(char value) => Try(() => stream.Write(value));

    public override void Write(string? value) => Try(() => stream.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => stream.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => stream.WriteLine(value));

    public override void Flush() => Try(stream.Flush);

    private void Try(Action write)
    {
        if (Lost is not null) return;
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Lost = e.Message;
        }
    }

    private static bool IsOpen(int descriptor) =>
        OperatingSystem.IsWindows() || (Fcntl(descriptor, GetFlags) is var flags && flags >= 0
            && (flags & CloseOnExecute) == 0);

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fcntl(int descriptor, int command);
}
