using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>summary.json: its keys are these names in camel case; a number that is not known is null.</summary>
internal sealed record Summary(string Problem, long Seed, string Version, string Engine, string Instructions,
    int Threads, string Study, string Headline, DataSummary Data)
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new FiniteOrNull() },
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The limit, of a study that is about one.</summary>
    public LimitSummary? Limit { get; init; }

    /// <summary>Rates of the gaps of networks coupled to it.</summary>
    public IReadOnlyList<RateSummary>? Rates { get; init; }

    /// <summary>What the study found.</summary>
    public required IReadOnlyDictionary<string, StudyNumber> Findings { get; init; }

    /// <summary>Runs that did not reach their end.</summary>
    public required IReadOnlyList<FailureSummary> Failures { get; init; }

    /// <summary>The summary of what a study found.</summary>
    internal static Summary Of(Model model, IStudy study, StudyResult result, RunInfo info) => new(
        model.Problem.Name, model.Problem.Seed, info.Version, info.EngineName, info.Instructions, info.Threads,
        study.Name, result.Headline, DataSummary.Of(model))
    {
        Limit = result.Limit is { } limit ? LimitSummary.Of(limit) : null,
        Rates = result.Coupled?.Rates.Select(r => RateSummary.Of(r, result.Coupled)).ToArray(),
        Findings = result.Findings.ToDictionary(f => f.Name, f => new StudyNumber(f.Value, f.Low, f.High, f.Meaning)),
        Failures = [.. result.Failures.Select(f => new FailureSummary(f.What, f.Run.Status, f.Run.Time, f.Layer))],
    };

    internal string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    // JSON has no NaN and no infinity, and System.Text.Json throws on them.
    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}

/// <summary>A number that a study found, with its 95 % interval.</summary>
internal sealed record StudyNumber(double Value, double Low, double High, string Meaning);

/// <summary>
/// The data: its kind, how much of it is trained and tested on, how test points were chosen, and what was found out of
/// its file.
/// </summary>
internal sealed record DataSummary(string Kind, int TrainingPoints, int TestPoints, int WatchedPoints, int Inputs,
    int Outputs, string Split, string? Found)
{
    internal static DataSummary Of(Model model)
    {
        var (train, test) = (model.Data.Train, model.Data.Test);
        var split = test is null ? "none" : model.Data.Endless ? "independent-samples" : "by-seed";
        return new(Describe.Kind(model.Problem.Data), train.Count, test?.Count ?? 0, model.Watched.Count,
            train.Inputs, train.Outputs, split, model.Data.Found);
    }
}

/// <summary>The limit at the last save time that it reached.</summary>
internal sealed record LimitSummary(RunStatus Status, double Time, double Risk, double TestRisk, double ErrorRate,
    double TestErrorRate, double ErrorEstimate, ErrorParts Errors, IReadOnlyList<int> Nodes, string Method,
    long Steps, long RefusedSteps, long Evaluations, int DivergedLayer, CertificateSummary? Certificate,
    StopSummary? Stop, double Seconds, double ErrorSeconds)
{
    internal static LimitSummary Of(LimitSolution solution)
    {
        var (run, trajectory) = (solution.Limit.Run, solution.Trajectory);
        var last = trajectory.Times.Count - 1;
        var (train, test) = (Tables.At(trajectory.Train, last), Tables.At(trajectory.Test, last));
        return new(run.Status, run.Time, train.Risk, test.Risk, train.ErrorRate, test.ErrorRate, solution.Error.Total,
            new(solution.Error.Types, solution.Error.Time, solution.Error.Data, solution.TypeErrors), solution.Nodes,
            run.InWords, run.Steps, run.Refused, run.Evaluations,
            solution.Limit.DivergedLayer, solution.Certificate is { } c ? CertificateSummary.Of(c) : null,
            solution.Stop is { } s ? new(s.Condition, s.Threshold, s.Time, s.Error) : null,
            solution.SolveSeconds, solution.ErrorSeconds);
    }
}

/// <summary>The condition that stopped the limit, when, and what that time is known to.</summary>
internal sealed record StopSummary(StopCondition Condition, double Threshold, double Time, double ErrorEstimate);

/// <summary>The parts of the error estimate; <c>Layers</c> are those of types.</summary>
internal sealed record ErrorParts(double Types, double Time, double Data, IReadOnlyList<TypeError> Layers);

/// <summary>Whether an accuracy was reached, and what stopped it if not; <c>Cost</c> is extrapolated.</summary>
internal sealed record CertificateSummary(double Accuracy, bool Reached, int Rounds, string? StoppedBy, string? Reason,
    Cost? Cost)
{
    internal static CertificateSummary Of(Certificate certificate) =>
        new(certificate.Accuracy, certificate.Reached, certificate.Rounds.Count, certificate.Obstacle?.Part,
            certificate.Obstacle?.Reason, certificate.Obstacle?.Cost);
}

/// <summary>
/// A fitted rate, or the <c>Reason</c> why there is none. <c>OverTheory</c> is the rms over 1/sqrt N, or
/// sqrt(log N / N) for the largest gap of all neurons.
/// <c>Blurred</c>, one a width, says where the limit's error exceeds a tenth of the rms.
/// </summary>
internal sealed record RateSummary(string Quantity, double Slope, double Low, double High, string? Reason,
    IReadOnlyList<int> Widths, int Seeds, IReadOnlyList<double> Rms, IReadOnlyList<double> RmsLow,
    IReadOnlyList<double> RmsHigh, IReadOnlyList<double> OverTheory, IReadOnlyList<bool>? Blurred)
{
    // The error estimate is an rms over predictions: it says nothing of gaps of risks or of largest differences.
    internal static RateSummary Of(Rate rate, CouplingResult result) =>
        new(rate.Quantity.Name, rate.Slope, rate.Low, rate.High, rate.Reason,
        rate.Widths, rate.Seeds, rate.Rms, rate.RmsLow, rate.RmsHigh, rate.OverTheory,
        rate.Quantity.IsRmsOfPredictions ? [.. rate.Rms.Select(result.IsBlurred)] : null);
}

/// <summary>A run that did not reach its end.</summary>
internal sealed record FailureSummary(string What, RunStatus Status, double Time, int Layer);
