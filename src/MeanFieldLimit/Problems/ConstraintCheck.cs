using System.Collections;

namespace MeanFieldLimit.Problems;

/// <summary>
/// Checks every value of a problem against the constraints on its property. It walks the records, not the file:
/// problems put together in code, or changed by options of the command line, are held to the same rules.
/// </summary>
internal static class ConstraintCheck
{
    internal static Refusal? Refuse(Problem problem) => Walk(problem, "$");

    private static Refusal? Walk(object record, string path) =>
        ProblemJson.Contract(record.GetType()).Properties.FirstRefusal((property, _) =>
        {
            // A derived kind's contract has no discriminator property; everything listed has a getter.
            if (property.Get?.Invoke(record) is not { } value) return null;
            var (name, at) = (property.Name, path + Located.Segment(property.Name));
            ConstraintAttribute[] constraints = [.. property.Constraints()];
            return constraints.FirstRefusal((c, _) => c.OnWholeList ? Keep(c.Refuse(value), at, name) : null)
                ?? Walk(value, at, name, [.. constraints.Where(c => !c.OnWholeList)]);
        });

    private static Refusal? Walk(object value, string path, string name, ConstraintAttribute[] constraints) =>
        value switch
        {
            // Inline points: no path per number.
            IReadOnlyList<double> numbers when constraints.Length == 0 => numbers.FirstRefusal((number, i) =>
                double.IsFinite(number) ? null : Walk(number, $"{path}[{i}]", name, constraints)),
            double number when !double.IsFinite(number) =>
                Keep($"must be a finite number, got {Number.Text(number)}; use a finite one", path, name),
            string or ValueType => constraints.FirstRefusal((c, _) => Keep(c.Refuse(value), path, name)),
            IEnumerable list =>
                list.Cast<object>().FirstRefusal((entry, i) => Walk(entry, $"{path}[{i}]", name, constraints)),
            _ => Walk(value, path),
        };

    private static Refusal? Keep(string? rule, string path, string name) =>
        rule is null ? null : new(path, $"{name} {rule}");
}
