using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>summary.json: its keys are the names here in camel case; a number that is not known is null.</summary>
internal static class Summary
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

    internal static string Of(Model model, IStudy study, StudyResult result, RunInfo by)
    {
        var summary = JsonSerializer.SerializeToNode(Common(model, study, result, by), Options)!.AsObject();
        foreach (var (name, part) in result.Parts) summary.Add(name, JsonSerializer.SerializeToNode(part, Options));
        return summary.ToJsonString(Options) + "\n";
    }

    private static object Common(Model model, IStudy study, StudyResult result, RunInfo by) => new
    {
        Problem = model.Problem.Name,
        model.Problem.Seed,
        by.Version,
        Engine = by.EngineName,
        by.Instructions,
        by.Threads,
        Study = study.Name,
        result.Headline,
        Notes = NetworkNotes.Of(model),
        Data = Of(model),
        Limit = result.Limit is { } limit ? Of(limit) : null,
        Rates = result.Coupled?.Rates.Select(r => Of(r, result.Coupled)),
        Findings = result.Findings.ToDictionary(f => f.Name),
        Failures = result.Failures.Select(f => new { f.What, f.Run.Status, f.Run.Time, f.Layer }),
    };

    private static object Of(Model model)
    {
        var (data, test) = (model.Data, model.Data.Test);
        return new
        {
            Kind = Names.OfKind(model.Problem.Data),
            TrainingPoints = data.Train.Count,
            TestPoints = test?.Count ?? 0,
            WatchedPoints = model.Watched.Count,
            data.Train.Inputs,
            data.Train.Outputs,
            Split = test is null ? "none" : data.Endless ? "independent-samples"
                : model.Problem.Data is PointsData { XTest: not null } or NumPyData { InputsTest: not null }
                    or CifarData { TestFile: not null } ? "given" : "by-seed",
            data.Found,
        };
    }

    /// <summary>The limit at the last save time that it reached.</summary>
    private static object Of(LimitSolution solution)
    {
        var (run, error, (train, test)) = (solution.Trained.Result, solution.Error, Tables.Last(solution.Trajectory));
        return new
        {
            run.Status,
            run.Time,
            train.Risk,
            TestRisk = test.Risk,
            train.ErrorRate,
            TestErrorRate = test.ErrorRate,
            // Layers are the parts of types.
            ErrorEstimate = error.Total,
            Errors = new { error.Types, error.Time, error.Data, Layers = solution.TypeErrors },
            solution.Nodes,
            Method = run.InWords,
            run.Steps,
            RefusedSteps = run.Refused,
            run.Evaluations,
            solution.Trained.DivergedLayer,
            // What stopped it short of the accuracy, and the cost of that, extrapolated.
            Certificate = solution.Certificate is not { } c ? null : new
            {
                c.Accuracy,
                c.Reached,
                Rounds = c.Rounds.Count,
                StoppedBy = c.Obstacle?.Part,
                c.Obstacle?.Reason,
                c.Obstacle?.Cost,
            },
            // What the time is known to.
            Stop = solution.Stop is { } s ? new { s.Condition, s.Threshold, s.Time, ErrorEstimate = s.Error } : null,
            Seconds = solution.SolveSeconds,
            solution.ErrorSeconds,
        };
    }

    /// <summary>
    /// A fitted rate, with the reason where there is none, or none to trust. <c>OverTheory</c> is the rms over
    /// 1/sqrt N, or sqrt(log N / N) for the largest gap of all neurons. <c>Blurred</c>, one a width, says where the
    /// limit's error exceeds a tenth of the rms; that error is an rms over predictions, and says nothing of gaps of
    /// risks or of largest differences.
    /// </summary>
    private static object Of(Rate rate, CouplingResult result) => new
    {
        Quantity = rate.Quantity.Name,
        rate.Fitted.Slope,
        rate.Fitted.Low,
        rate.Fitted.High,
        rate.Fitted.Reason,
        rate.Widths,
        Seeds = rate.Replicates,
        rate.Fitted.Rms,
        rate.Fitted.RmsLow,
        rate.Fitted.RmsHigh,
        rate.OverTheory,
        Blurred = rate.Quantity.IsRmsOfPredictions ? rate.Fitted.Rms.Select(gap => result.IsBlurred(gap)) : null,
    };

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
