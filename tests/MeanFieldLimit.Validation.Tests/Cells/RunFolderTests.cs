using System.Text;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    private string Run => Path.Combine(temporary.Path, "runs", "one");

    [Fact]
    public void Checking_creates_nothing()
    {
        RunFolder.Check(Run, force: false);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
    }

    [Fact]
    public void A_folder_with_files_is_refused_with_rule_value_and_remedy()
    {
        RunFolder.Prepare(Run, force: false).WriteText("a.txt", w => w.Write("a"));
        var refusal = Assert.Throws<RunFolderException>(() => RunFolder.Prepare(Run, force: false));
        Assert.Contains("must be empty or new", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Run, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--force", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Force_replaces_files_of_the_same_name_and_leaves_others()
    {
        var first = RunFolder.Prepare(Run, force: false);
        first.WriteText("a.txt", w => w.Write("a long text"));
        first.WriteText("b.txt", w => w.Write("b"));
        RunFolder.Prepare(Run, force: true).WriteText("a.txt", w => w.Write("new"));
        Assert.Equal("new", File.ReadAllText(Path.Combine(Run, "a.txt")));
        Assert.Equal("b", File.ReadAllText(Path.Combine(Run, "b.txt")));
    }

    [Fact]
    public void An_empty_folder_is_taken()
    {
        Directory.CreateDirectory(Run);
        Assert.Equal(Run, RunFolder.Prepare(Run, force: false).FullPath);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_in_place_of_the_folder_is_refused(bool force)
    {
        var file = Path.Combine(temporary.Path, "file");
        File.WriteAllText(file, "mine");
        Assert.Throws<RunFolderException>(() => RunFolder.Prepare(file, force));
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_refused()
    {
        var file = Path.Combine(temporary.Path, "file");
        File.WriteAllText(file, "");
        Assert.Throws<RunFolderException>(() => RunFolder.Prepare(Path.Combine(file, "below"), force: false));
    }

    [Fact]
    public void Text_is_utf8_without_mark_in_a_subfolder_where_asked()
    {
        RunFolder.Prepare(Run, force: false).WriteText("sub/a.txt", w => w.WriteLine("\u0177"));
        Assert.Equal(Encoding.UTF8.GetBytes("\u0177\n"), File.ReadAllBytes(Path.Combine(Run, "sub", "a.txt")));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_earlier_file_and_no_other()
    {
        var folder = RunFolder.Prepare(Run, force: false);
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
