namespace MeanFieldLimit;

/// <summary>A member of a family that problem files name: an activation, a loss, a target function.</summary>
public interface INamed
{
    /// <summary>The name in problem files, in lower case with hyphens.</summary>
    string Name { get; }
}

/// <summary>
/// All members of a family, found by reflection: a new member is known everywhere (problem files, schema,
/// generic tests) by existing, as a sealed type with a constructor without parameters.
/// </summary>
public static class Catalogue
{
    /// <summary>One instance of every member of the family <typeparamref name="T"/>, ordered by name.</summary>
    public static IReadOnlyList<T> All<T>() where T : INamed => Family<T>.Members;

    /// <summary>The member called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">No member has that name.</exception>
    public static T Find<T>(string name) where T : INamed =>
        All<T>().FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(
            $"'{name}' is unknown; use one of {string.Join(", ", All<T>().Select(m => m.Name))}", nameof(name));

    private static class Family<T> where T : INamed
    {
        internal static readonly T[] Members = [.. typeof(T).Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(T)) && t.GetConstructor([]) is not null)
            .Select(t => (T)Activator.CreateInstance(t)!)
            .OrderBy(m => m.Name, StringComparer.Ordinal)];
    }
}
