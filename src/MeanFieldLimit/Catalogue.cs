using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace MeanFieldLimit;

/// <summary>A member of a family that problem files or the program name: an activation, a loss, a target, a
/// check.</summary>
public interface INamed
{
    /// <summary>The name in problem files, in lower case with hyphens.</summary>
    string Name { get; }
}

/// <summary>
/// All members of a family, found by reflection: a new member is known everywhere (problem files, schema,
/// generic tests) by existing, as a sealed type with a constructor without parameters. Those of other assemblies are
/// known once their assembly is registered.
/// </summary>
public static class Catalogue
{
    private static readonly Lock Registering = new();
    private static volatile Plugin[] plugins = [];
    private static volatile IJsonTypeInfoResolver contracts = ContractsOf([]);

    /// <summary>How records are read from JSON and written, the kinds of all assemblies registered among them; another
    /// one after each registration.</summary>
    public static IJsonTypeInfoResolver Contracts => contracts;

    /// <summary>One instance of every member of the family <typeparamref name="T"/>, ordered by name.</summary>
    public static IReadOnlyList<T> All<T>() where T : INamed => plugins.Length == 0 ? Family<T>.Own
        : [.. Family<T>.Own.Concat(plugins.SelectMany(p => p.Members).OfType<T>())
            .OrderBy(m => m.Name, StringComparer.Ordinal)];

    /// <summary>The member called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">No member has that name.</exception>
    public static T Find<T>(string name) where T : INamed =>
        All<T>().FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(
            $"'{name}' is unknown; use one of {string.Join(", ", All<T>().Select(m => m.Name))}", nameof(name));

    /// <summary>
    /// Adds all members of an assembly to their families: types of <see cref="INamed"/>, and records with a
    /// <see cref="KindAttribute"/>. One that is registered already stays as it is.
    /// </summary>
    /// <exception cref="PluginException">It has none, was built against another version, or a member has no constructor
    /// without parameters, or a name that is taken; nothing of it is added.</exception>
    public static void Register(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (Registering)
        {
            if (plugins.Any(p => p.Assembly == assembly)) return;
            var plugin = Plugin.Of(assembly);
            plugin.RefuseTakenNames(plugins);
            plugins = [.. plugins, plugin];
            contracts = ContractsOf(plugins);
        }
    }

    private static DefaultJsonTypeInfoResolver ContractsOf(Plugin[] plugins) => new()
    {
        Modifiers =
        {
            contract =>
            {
                foreach (var kind in plugins.SelectMany(p => p.Kinds).Where(k => k.BaseType == contract.Type))
                    contract.PolymorphismOptions!.DerivedTypes.Add(new(kind, Plugin.NameOf(kind)));
            },
        },
    };

    /// <summary>The members of a family in its own assembly.</summary>
    internal static IEnumerable<INamed> Own(Type family) => family.Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(family) && t.GetConstructor([]) is not null)
        .Select(t => (INamed)Activator.CreateInstance(t)!);

    private static class Family<T> where T : INamed
    {
        internal static readonly T[] Own = [.. Catalogue.Own(typeof(T)).Cast<T>()
            .OrderBy(m => m.Name, StringComparer.Ordinal)];
    }
}
