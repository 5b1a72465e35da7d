using System.Text;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// The folder that a report is written to. Files in it are whole or absent: each is written under a temporary name in
/// its own folder and then renamed.
/// </summary>
public sealed class ReportFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    internal ReportFolder(string path) => FullPath = Path.GetFullPath(path);

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Writes a file whole, perhaps in a subfolder ("figures/gap.png").</summary>
    public void Write(string name, Action<Stream> write) => WholeFile.Write(Path.Combine(FullPath, name), write);

    /// <summary>Writes a text file whole: UTF-8, lines ended by "\n".</summary>
    internal void WriteText(string name, Action<TextWriter> write) => Write(name, stream =>
    {
        using var writer = new StreamWriter(stream, Utf8, leaveOpen: true) { NewLine = "\n" };
        write(writer);
    });
}
