namespace MeanFieldLimit.Validation.Cells;

/// <summary>One of several equal parts of a plan, each for a process of its own.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="Of">How many there are.</param>
public sealed record Share(int Number, int Of)
{
    private static readonly (string Rank, string Size)[] Launchers =
        [("SLURM_PROCID", "SLURM_NTASKS"), ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE")];

    /// <summary>Reads "3/16".</summary>
    public static Share? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var number, var of] && Whole(number) is { } n && Whole(of) is { } size
            && n >= 1 && n <= size ? new(n, size) : null;
    }

    /// <summary>That of a launcher's rank, which counts from 0; null where it has not started several.</summary>
    public static Share? FromLauncher(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var (rank, size) in Launchers)
        {
            // The script of a job has these variables too, but no step: it is one process.
            if (rank.StartsWith("SLURM", StringComparison.Ordinal) && environment("SLURM_JOB_ID") is not null
                && environment("SLURM_STEP_ID") is null)
                continue;
            if (Whole(environment(rank)) is { } r && Whole(environment(size)) is { } n && n > 1 && r < n)
                return new(r + 1, n);
        }
        return null;
    }

    /// <summary>The cells of this share: the dearest one left goes to the share with the least so far.</summary>
    internal HashSet<ICell> Take(Plan plan)
    {
        var loads = new double[Of];
        var own = new HashSet<ICell>();
        foreach (var cell in plan.Cells)
        {
            var least = Array.IndexOf(loads, loads.Min());
            loads[least] += cell.Cost;
            if (least == Number - 1) own.Add(cell);
        }
        return own;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Number}/{Of}";

    private static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
