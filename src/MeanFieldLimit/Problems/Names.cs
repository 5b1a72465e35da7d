namespace MeanFieldLimit.Problems;

/// <summary>Names in problem files, and suggestions for those that are not known.</summary>
public static class Names
{
    /// <summary>That of a member of an enumeration.</summary>
    public static string Of(Enum value) => ProblemJson.EnumNames.ConvertName($"{value}");

    internal static string[] Of(Type values) => [.. Enum.GetNames(values).Select(ProblemJson.EnumNames.ConvertName)];

    /// <summary>The kind, law or rule that a record stands for.</summary>
    public static string OfKind(object spec) => (string)ProblemJson.Contract(spec.GetType().BaseType!)
        .PolymorphismOptions!.DerivedTypes.Single(t => t.DerivedType == spec.GetType()).TypeDiscriminator!;

    /// <summary>Why <paramref name="name"/> is refused, or null where it is one of <paramref name="known"/>.</summary>
    public static string? Refuse(string name, IReadOnlyList<string> known) => known.Contains(name) ? null
        : $"must be one of {string.Join(", ", known)}; got '{Located.Short(name)}'{Suggest(name, known)}";

    /// <summary>
    /// "; did you mean 'tanh'?" where a third of the letters of a known name, or fewer, are slips; nothing where
    /// nothing is known.
    /// </summary>
    internal static string Suggest(string name, IReadOnlyList<string> known)
    {
        if (known.Count == 0) return "";
        var (near, slips) = known.Select(k => (k, Distance(Located.Short(name), k))).MinBy(d => d.Item2);
        return 3 * slips <= Math.Max(name.Length, near.Length) ? $"; did you mean '{near}'?" : "; name one of those";
    }

    /// <summary>
    /// Number of inserted, deleted, replaced or swapped neighbouring letters between two names (optimal string
    /// alignment), whatever their case: "wieghts" is one slip from "weights", not two.
    /// </summary>
    internal static int Distance(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
