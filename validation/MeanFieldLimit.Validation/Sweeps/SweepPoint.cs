namespace MeanFieldLimit.Validation.Sweeps;

/// <summary>A key of the problem and a value of it, as the command line has them.</summary>
public readonly record struct SweepSetting(string Key, string Value);

/// <summary>A point of a grid of settings.</summary>
/// <param name="Name">The name of its folder, which no other point has.</param>
/// <param name="Settings">What is set there.</param>
public sealed record SweepPoint(string Name, IReadOnlyList<SweepSetting> Settings);

/// <summary>What the run of a point has come to.</summary>
/// <param name="Status">In a word, "done" where all went well.</param>
/// <param name="Code">The exit code that the command would have had.</param>
/// <param name="Failures">Runs that did not reach their ends, a sentence each.</param>
/// <param name="Summary">Its summary.json.</param>
public sealed record SweepResult(string Status, int Code, IReadOnlyList<string> Failures, string Summary);
