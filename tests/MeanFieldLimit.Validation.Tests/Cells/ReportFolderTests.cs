using System.Text;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class ReportFolderTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    private string Run => Path.Combine(temporary.Path, "runs", "one");

    [Fact]
    public void Text_is_utf8_without_mark_in_a_subfolder_where_asked()
    {
        new ReportFolder(Run).WriteText("sub/a.txt", w => w.WriteLine("\u0177"));
        Assert.Equal(Encoding.UTF8.GetBytes("\u0177\n"), File.ReadAllBytes(Path.Combine(Run, "sub", "a.txt")));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_earlier_file_and_no_other()
    {
        var folder = new ReportFolder(Run);
        folder.WriteText("a.txt", w => w.Write("whole"));
        Assert.Throws<InvalidOperationException>(() => folder.WriteText("a.txt", w =>
        {
            w.Write("half");
            w.Flush();
            throw new InvalidOperationException();
        }));
        Assert.Equal("whole", File.ReadAllText(Path.Combine(Run, "a.txt")));
        Assert.Single(Directory.EnumerateFileSystemEntries(Run));
    }
}
