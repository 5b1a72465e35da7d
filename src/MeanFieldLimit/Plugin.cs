using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace MeanFieldLimit;

/// <summary>
/// The name in problem files of a record of another assembly that derives from one of LawSpec, RuleSpec, ScheduleSpec
/// or DataSpec: its law, rule, schedule or kind.
/// </summary>
/// <param name="name">The name, in lower case with hyphens.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KindAttribute(string name) : Attribute
{
    /// <summary>The name in problem files.</summary>
    public string Name => name;
}

/// <summary>An assembly cannot be registered; the message has the rule, the value and the remedy.</summary>
public sealed class PluginException(string message) : Exception(message);

/// <summary>The members that an assembly adds to the families.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Members">Its members of families by name, an instance each.</param>
/// <param name="Kinds">Its records, which the contract of their base is to know.</param>
internal sealed partial record Plugin(Assembly Assembly, IReadOnlyList<INamed> Members, IReadOnlyList<Type> Kinds)
{
    private static readonly string[] Ours = ["MeanFieldLimit", "MeanFieldLimit.Solvers", "MeanFieldLimit.Validation"];

    /// <exception cref="PluginException">It is refused.</exception>
    internal static Plugin Of(Assembly assembly)
    {
        RefuseOtherVersions(assembly);
        var types = Types(assembly);
        var plugin = new Plugin(assembly, [.. types.Where(t => Families(t).Any()).Select(Instance)],
            [.. types.Where(t => t.IsDefined(typeof(KindAttribute), inherit: false)).Select(Kind)]);
        return plugin.Names().Any() ? plugin : throw new PluginException(
            $"an assembly must have a member of a family, {Where(assembly)} has none; " +
            "write a type of IActivation, ILoss, ITarget or the like");
    }

    internal static string NameOf(Type kind) => kind.GetCustomAttribute<KindAttribute>()!.Name;

    /// <exception cref="PluginException">A name is no name, or is taken.</exception>
    internal void RefuseTakenNames(IEnumerable<Plugin> others)
    {
        var taken = others.SelectMany(p => p.Names()).ToList();
        foreach (var (family, name, type) in Names())
        {
            if (!Lower().IsMatch(name))
                throw new PluginException("a name must be of lower case letters, digits and hyphens, got " +
                    $"'{name}' of {type.FullName}; rename it");
            var other = OwnHolder(family, name)
                ?? taken.Find(t => (t.Family, t.Name) == (family, name)).Type?.Assembly;
            if (other is not null)
                throw new PluginException($"names of a family must differ, the {family.Name} '{name}' is in " +
                    $"{Where(Assembly)} and in {Where(other)}; rename one");
            taken.Add((family, name, type));
        }
    }

    private IEnumerable<(Type Family, string Name, Type Type)> Names() =>
    [
        .. Members.SelectMany(m => Families(m.GetType()).Select(f => (f, m.Name, m.GetType()))),
        .. Kinds.Select(k => (k.BaseType!, NameOf(k), k)),
    ];

    /// <summary>The assembly of the family itself, where a member of that has the name.</summary>
    private static Assembly? OwnHolder(Type family, string name)
    {
        var names = family.IsInterface ? Catalogue.Own(family).Select(m => m.Name)
            : family.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => (string)a.TypeDiscriminator!);
        return names.Contains(name) ? family.Assembly : null;
    }

    // Not IPiecewiseLinear, which is a way to be an activation.
    private static IEnumerable<Type> Families(Type type) => type.IsAbstract ? []
        : type.GetInterfaces().Where(i => i.GetInterfaces() is [var only] && only == typeof(INamed));

    private static INamed Instance(Type type)
    {
        if (type.ContainsGenericParameters || type.GetConstructor([]) is not { } constructor)
            throw new PluginException($"a member of a family must have a public constructor without parameters, " +
                $"{type.FullName} has none; write one, or make the type abstract");
        try
        {
            return (INamed)constructor.Invoke(null);
        }
        catch (TargetInvocationException e)
        {
            throw new PluginException($"a member of a family must be made without an exception, {type.FullName} " +
                $"throws {e.InnerException!.GetType().Name}: {e.InnerException.Message}; mend its constructor");
        }
    }

    private static Type Kind(Type type) => type is { IsAbstract: false, BaseType: { } family }
        && family.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false) && type.GetConstructor([]) is not null
            ? type : throw new PluginException("a type with a Kind must be a record that derives from LawSpec, " +
                "RuleSpec, ScheduleSpec or DataSpec and has a constructor without parameters, " +
                $"{type.FullName} is not; derive it, with required properties in place of parameters");

    private static Type[] Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            throw new PluginException($"all types of an assembly must load, of {Where(assembly)} one does not: " +
                $"{e.LoaderExceptions.First(l => l is not null)!.Message.Trim()}; build it again, " +
                "with what it references beside it");
        }
    }

    // Interfaces may change from one version to the next.
    private static void RefuseOtherVersions(Assembly assembly)
    {
        var version = typeof(Plugin).Assembly.GetName().Version!;
        var ours = assembly.GetReferencedAssemblies().Where(r => Ours.Contains(r.Name));
        if (ours.FirstOrDefault(r => r.Version != version) is { } other)
            throw new PluginException($"an assembly must be built against {other.Name} {version}, which runs, " +
                $"{Where(assembly)} was built against {other.Version}; build it against {version}");
    }

    private static string Where(Assembly assembly) => assembly.GetName().Name +
        (assembly is { IsDynamic: false, Location: { Length: > 0 } file } ? $" ({file})" : "");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Lower();
}
