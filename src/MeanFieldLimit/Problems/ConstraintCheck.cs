using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace MeanFieldLimit.Problems;

/// <summary>
/// Checks every value of a problem against the constraints on its property. It walks the records, not the file:
/// problems put together in code, or changed by options of the command line, are held to the same rules.
/// </summary>
internal sealed class ConstraintCheck(LoadedProblem loaded)
{
    internal static void Check(LoadedProblem loaded) => new ConstraintCheck(loaded).Walk(loaded.Problem, "$");

    private void Walk(object record, string path)
    {
        foreach (var property in ProblemJson.Contract(record.GetType()).Properties)
        {
            // A derived kind's contract has no discriminator property; everything listed has a getter.
            if (property.Get?.Invoke(record) is not { } value) continue;
            ConstraintAttribute[] constraints = [.. property.Constraints()];
            var at = path + Located.Segment(property.Name);
            foreach (var constraint in constraints.Where(c => c.OnWholeList))
                Keep(constraint.Refuse(value), at, property);
            Walk(value, at, property, [.. constraints.Where(c => !c.OnWholeList)]);
        }
    }

    private void Walk(object value, string path, JsonPropertyInfo property, ConstraintAttribute[] constraints)
    {
        switch (value)
        {
            case IReadOnlyList<double> numbers when constraints.Length == 0:    // inline points: no path per number
                for (var i = 0; i < numbers.Count; i++)
                    if (!double.IsFinite(numbers[i])) Keep(Refuse(numbers[i], constraints), $"{path}[{i}]", property);
                break;
            case string or ValueType:
                Keep(Refuse(value, constraints), path, property);
                break;
            case IEnumerable list:
                var index = 0;
                foreach (var entry in list) Walk(entry, $"{path}[{index++}]", property, constraints);
                break;
            default:
                Walk(value, path);
                break;
        }
    }

    private static string? Refuse(object value, ConstraintAttribute[] constraints) =>
        value is double number && !double.IsFinite(number)
            ? $"must be a finite number, got {Number.Text(number)}; use a finite one"
            : constraints.Select(c => c.Refuse(value)).FirstOrDefault(r => r is not null);

    private void Keep(string? refusal, string path, JsonPropertyInfo property)
    {
        if (refusal is not null) throw loaded.Error(path, $"{property.Name} {refusal}");
    }
}
