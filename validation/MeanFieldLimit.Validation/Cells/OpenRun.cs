namespace MeanFieldLimit.Validation.Cells;

/// <summary>The output folder cannot be used; the message has the rule, the value and the remedy.</summary>
public sealed class RunFolderException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A run in its folder. All that it keeps on its way is in cells/HASH of the folder, where HASH tells it from any
/// other run: its record (run.json, problem.json), its cells, the names of the report files that it writes into the
/// folder, and at the end its conclusion.
/// </summary>
internal sealed class OpenRun
{
    private const string CellsName = "cells", ListName = "files.txt";

    private OpenRun(string folder, string hash) => (Folder, Cells) = (folder, Path.Combine(folder, CellsName, hash));

    /// <summary>Where the report goes.</summary>
    internal string Folder { get; }

    internal string Cells { get; }

    /// <summary>What the run has concluded, where its report still is as it was written.</summary>
    internal Conclusion? Conclusion
    {
        get
        {
            SealedFile.TryRead(ConclusionOf(Cells), "", out Conclusion? known, _ => { });
            return Names(Cells).All(name => File.Exists(Path.Combine(Folder, name))) ? known : null;
        }
    }

    /// <summary>Opens a new folder: the path, or with the first number after it that makes it free.</summary>
    /// <exception cref="RunFolderException">It cannot be created.</exception>
    internal static OpenRun New(string path, RunRecord record, Plan plan)
    {
        path = Path.GetFullPath(path);
        var parent = Path.GetDirectoryName(path)!;
        WholeFile.ClearLeftovers(parent, below: false);
        return Make(path, parent, temporary =>
        {
            record.Write(Path.Combine(temporary, CellsName, record.Hash), plan);
            // Renamed whole: of two processes that choose the same name one fails, and takes the next.
            var free = path;
            for (var n = 2; !TryMove(temporary, free); n++) free = $"{path}-{n}";
            return new(free, record.Hash);
        });
    }

    /// <summary>Opens a folder that was named: new, empty, or of the same run; if forced, any folder.</summary>
    /// <exception cref="RunFolderException">It has another run or other files, or cannot be written.</exception>
    internal static OpenRun At(string path, RunRecord record, Plan plan, bool force)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var run = new OpenRun(Path.GetFullPath(path), record.Hash);
        if (!force) run.Check(path, record);
        var parent = Path.GetDirectoryName(run.Cells)!;
        WholeFile.ClearLeftovers(run.Folder, below: false);
        WholeFile.ClearLeftovers(parent, below: true);
        return Directory.Exists(run.Cells) ? run : Make(path, parent, temporary =>
        {
            record.Write(temporary, plan);
            // Another process of the same run may have been faster.
            var isFirst = TryMove(temporary, run.Cells);
            try
            {
                // Another run may have come at the same time; of two at least one gives way.
                if (!force) run.RefuseOthers(path, record);
            }
            catch (RunFolderException) when (isFirst)
            {
                Directory.Delete(run.Cells, recursive: true);
                throw;
            }
            return run;
        });
    }

    /// <summary>Record and folder of the run to go on with: one without conclusion, the latest of them.</summary>
    /// <exception cref="RunFolderException">The folder has none.</exception>
    internal static (RunRecord Record, string Cells) Resumable(string path) => Runs(Path.GetFullPath(path))
        .Select(cells => (Record: RunRecord.Read(cells)!, Cells: cells))
        .OrderBy(run => File.Exists(ConclusionOf(run.Cells)))
        .ThenByDescending(run => File.GetLastWriteTimeUtc(Path.Combine(run.Cells, "run.json")))
        .FirstOrDefault() is { Record: not null } found ? found
        : throw new RunFolderException($"a run to go on with is expected, found none in {path}; name one that has");

    /// <summary>
    /// Writes the report aside; once it is whole its files take their places. Only then go the files of earlier reports
    /// that this one does not have, and what other runs kept. Files of nobody stay.
    /// </summary>
    internal Conclusion Conclude(Func<Done, ReportFolder, Conclusion> reduce, Done done)
    {
        var aside = Path.Combine(Cells, "report");
        if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        Directory.CreateDirectory(aside);
        var conclusion = reduce(done, new(aside));
        string[] names = [.. Directory.EnumerateFiles(aside, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(aside, f)).Order(StringComparer.Ordinal)];
        List(Names(Cells).Union(names));
        foreach (var cells in Runs(Folder)) File.Delete(ConclusionOf(cells));
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
            File.Move(Path.Combine(aside, name), Path.Combine(Folder, name), overwrite: true);
        }
        Directory.Delete(aside, recursive: true);
        foreach (var cells in Runs(Folder))
        {
            foreach (var name in Names(cells).Except(names)) Remove(name);
            if (cells != Cells) Directory.Delete(cells, recursive: true);
        }
        List(names);
        SealedFile.Write(ConclusionOf(Cells), "", conclusion);
        return conclusion;

        // Known before they are there: none is left behind by a run that is killed.
        void List(IEnumerable<string> written) =>
            WholeFile.Write(Path.Combine(Cells, ListName), string.Concat(written.Select(n => $"{n}\n")));
    }

    private void Check(string path, RunRecord record)
    {
        if (Directory.Exists(Cells) || !Directory.Exists(Folder)) return;
        RefuseOthers(path, record);
        // Another process of the same run may be about to open it.
        var entries = Directory.EnumerateFileSystemEntries(Folder);
        if (Directory.Exists(Path.Combine(Folder, CellsName)))
            entries = entries.Where(e => Path.GetFileName(e) != CellsName)
                .Concat(Directory.EnumerateFileSystemEntries(Path.Combine(Folder, CellsName)).Where(e => e != Cells));
        if (entries.Any(e => !WholeFile.IsTemporary(e)))
            throw new RunFolderException($"the output folder must be empty or new, got {path}, which has files; " +
                "name another one with --out, or write over it with --force");
    }

    private void RefuseOthers(string path, RunRecord record)
    {
        if (Runs(Folder).Where(c => c != Cells).Select(RunRecord.Read).FirstOrDefault() is { } other)
            throw new RunFolderException($"the output folder must be new, empty or of the same run, got {path}, " +
                $"where {record.Difference(other)}; go on with that run by mfl resume {path}, name another folder " +
                "with --out, or replace that run with --force");
    }

    private static string[] Runs(string folder) => Directory.Exists(Path.Combine(folder, CellsName))
        ? [.. Directory.GetDirectories(Path.Combine(folder, CellsName)).Order(StringComparer.Ordinal)
            .Where(f => !WholeFile.IsTemporary(f) && RunRecord.Read(f) is not null)]
        : [];

    private static string ConclusionOf(string cells) => Path.Combine(cells, "conclusion");

    /// <summary>The files of the folder that a run has written.</summary>
    private static string[] Names(string cells) => File.Exists(Path.Combine(cells, ListName))
        ? File.ReadAllLines(Path.Combine(cells, ListName)) : [];

    private void Remove(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Folder, name));
        if (!path.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
            return;
        File.Delete(path);
        for (var above = Path.GetDirectoryName(path)!; above != Folder
            && !Directory.EnumerateFileSystemEntries(above).Any(); above = Path.GetDirectoryName(above)!)
            Directory.Delete(above);
    }

    // A folder with files is never renamed onto another one with files.
    private static bool TryMove(string from, string to)
    {
        if (Path.Exists(to)) return false;
        try
        {
            Directory.Move(from, to);
            return true;
        }
        catch (IOException) when (Path.Exists(to))
        {
            return false;
        }
    }

    /// <summary>Makes a run of a folder that is new in its parent; where that fails nothing new stays.</summary>
    private static OpenRun Make(string path, string parent, Func<string, OpenRun> make)
    {
        var nearest = parent;
        while (!Path.Exists(nearest)) nearest = Path.GetDirectoryName(nearest)!;
        var temporary = WholeFile.TemporaryIn(parent);
        try
        {
            try
            {
                return make(temporary);
            }
            finally
            {
                if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            for (var made = parent; made.Length > nearest.Length; made = Path.GetDirectoryName(made)!)
                if (Directory.Exists(made) && !Directory.EnumerateFileSystemEntries(made).Any()) Directory.Delete(made);
            throw new RunFolderException(
                $"the output folder must be one that can be created, got {path} ({e.Message}); " +
                "name another one with --out", e);
        }
    }
}
