using System.Text.Json.Nodes;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// Problems with numbers put to extremes: documented codes, messages where they are refused, files where they ran, and
/// no exception.
/// </summary>
[Collection(InProcess.Collection)]
public class ExtremeProblemTests
{
    private const int CasesEach = 2;

    // A time or a step of another size takes other numbers of steps.
    private static readonly string[] Lengths = ["time", "step", "tolerance", "saves", "cells", "unit"];

    private static readonly double[] Values =
    [
        0, -1, 1, 2, 0.5, 1e-5, 1e-16, 1e-300, 1e-320, 1e16, 1e100, 1e153, 1e155, 1e300, 1.7e308, -1e155, -1e300, 3, 7,
        100,
    ];

    [Fact]
    public void Extreme_numbers_are_refused_or_run_to_a_documented_end()
    {
        var codes = new Dictionary<int, int>();
        for (var seed = 0; seed < CasesEach * TinyProblems.All.Count; seed++)
        {
            var random = new Random(seed);
            var name = TinyProblems.All.Keys.Order().ElementAt(seed % TinyProblems.All.Count);
            var root = JsonNode.Parse(TinyProblems.All[name])!;
            for (var n = random.Next(1, 3); n > 0; n--)
            {
                JsonValue[] numbers = [.. Numbers(root)];
                numbers[random.Next(numbers.Length)].ReplaceWith(Values[random.Next(Values.Length)]);
            }
            string[][] commands = [.. TinyProblems.Commands(name)];
            var command = commands[random.Next(commands.Length)];
            try
            {
                var (code, _) = InProcess.Check(root.ToJsonString(), command);
                codes[code] = codes.GetValueOrDefault(code) + 1;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, {string.Join(' ', command)}, {root.ToJsonString()}: {e}");
            }
        }
        // All three ways to end are met.
        Assert.Superset(new HashSet<int> { ExitCode.Done, ExitCode.Refused, ExitCode.Diverged },
            codes.Keys.ToHashSet());
    }

    [Theory]
    [InlineData("three layers", "[[1], [0], [0.5]]", "[[1e155], [0], [0.5]]", ExitCode.Diverged, "not finite at t = 0")]
    [InlineData("images", "\"rule\": \"sobol\"", "\"rule\": \"monte-carlo\"", ExitCode.Done, "")]
    [InlineData("images", "\"kind\": \"idx\", \"images\": \"images\", \"labels\": \"labels\", \"classes\": [4, 9], \"train\": 2",
        "\"kind\": \"points\", \"x\": [[1e155, 2], [0.5, -1]], \"y\": [[1], [-1]]", ExitCode.Done, "")]
    public void A_run_that_cannot_be_measured_or_drawn_ends_with_its_message_and_files(string name, string old,
        string replacement, int expected, string fragment)
    {
        var text = TinyProblems.All[name].Replace(old, replacement, StringComparison.Ordinal);
        Assert.NotEqual(TinyProblems.All[name], text);
        var (code, errors) = InProcess.Check(text, "solve");
        Assert.Equal(expected, code);
        Assert.Contains(fragment, errors, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonValue> Numbers(JsonNode? node) => node switch
    {
        JsonObject all => all.Where(m => !Lengths.Contains(m.Key)).SelectMany(m => Numbers(m.Value)),
        JsonArray list => list.SelectMany(Numbers),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => [value],
        _ => [],
    };
}
