using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// A billion, or the largest int, for each whole number that a problem file can have, in a fifth of its commands: refused
/// with the key at once, or it does no harm.
/// </summary>
[Collection(InProcess.Collection)]
public class LargeNumberTests
{
    public static TheoryData<string> Names() => [.. TinyProblems.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Problems_as_they_are_run(string name)
    {
        foreach (var command in TinyProblems.Commands(name))
        {
            var (code, errors) = InProcess.Check(TinyProblems.All[name], command);
            Assert.True(code == ExitCode.Done, $"{string.Join(' ', command)}: {errors}");
        }
    }

    [Fact]
    public void Every_whole_number_of_the_schema_is_in_one_of_the_problems()
    {
        var found = TinyProblems.All.Values.SelectMany(text => Numbers(typeof(Problem), JsonNode.Parse(text)!, "$"))
            .Select(n => n.Property).ToHashSet();
        Assert.Empty(Declared(typeof(Problem), []).Except(found).Select(p => $"{p.DeclaringType!.Name}.{p.Name}"));
    }

    [Fact]
    public void Huge_whole_numbers_are_refused_at_once_or_harmless()
    {
        var numbers = TinyProblems.All.SelectMany(problem =>
            Numbers(typeof(Problem), JsonNode.Parse(problem.Value)!, "$").SelectMany(number =>
                TinyProblems.Commands(problem.Key).Select(command =>
                    (problem.Key, number.Property, number.Path, Command: string.Join(' ', command)))));
        // Each number in each command once, whichever problem has it; of its commands every fifth, for all take more than a
        // minute.
        foreach (var (i, (name, _, path, command)) in numbers.DistinctBy(n => (n.Property, n.Command))
            .GroupBy(n => n.Property).SelectMany((all, k) => all.Where((_, n) => n % 5 == k % Math.Min(5, all.Count())))
            .Index())
            // Each value for every other of them.
            foreach (var value in new[] { i % 2 == 0 ? 1_000_000_000 : int.MaxValue })
            {
                var root = JsonNode.Parse(TinyProblems.All[name])!;
                Set(root, path, value);
                try
                {
                    var (_, errors) = InProcess.Check(root.ToJsonString(), command.Split(' '));
                    Assert.DoesNotContain("-2147483648", errors, StringComparison.Ordinal);
                }
                catch (Exception e)
                {
                    Assert.Fail($"{name}: {path} = {value}, {command}: {e}");
                }
            }
    }

    /// <summary>The whole numbers of an object of a type, those that it has and those that it may have.</summary>
    private static IEnumerable<(PropertyInfo Property, string Path)> Numbers(Type type, JsonNode node, string path)
    {
        type = Kind(type, node);
        foreach (var property in type.GetProperties())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var (inner, value, at) = (Bare(property.PropertyType), node[name], $"{path}.{name}");
            if (IsWhole(inner)) yield return (property, at);
            else if (Entry(inner) is { } entry)
            {
                var count = (value as JsonArray)?.Count ?? 0;
                for (var i = 0; i < count; i++)
                    if (IsWhole(entry)) yield return (property, $"{at}.{i}");
                    else if (value![i] is JsonObject item)
                        foreach (var found in Numbers(entry, item, $"{at}.{i}")) yield return found;
            }
            else if (value is JsonObject part)
                foreach (var found in Numbers(inner, part, at)) yield return found;
        }
    }

    /// <summary>The whole numbers of a type, of all kinds of all parts.</summary>
    private static HashSet<PropertyInfo> Declared(Type type, HashSet<Type> seen)
    {
        var found = new HashSet<PropertyInfo>();
        if (!seen.Add(type) || type.Namespace != typeof(Problem).Namespace) return found;
        foreach (var kind in type.GetCustomAttributes<JsonDerivedTypeAttribute>())
            found.UnionWith(Declared(kind.DerivedType, seen));
        if (type.IsAbstract) return found;
        foreach (var property in type.GetProperties())
        {
            var inner = Bare(property.PropertyType);
            while (Entry(inner) is { } entry) inner = entry;
            if (IsWhole(inner)) found.Add(property);
            else found.UnionWith(Declared(inner, seen));
        }
        return found;
    }

    private static Type Kind(Type type, JsonNode node) =>
        type.GetCustomAttribute<JsonPolymorphicAttribute>() is { TypeDiscriminatorPropertyName: { } key }
            ? type.GetCustomAttributes<JsonDerivedTypeAttribute>()
                .Single(k => (string)k.TypeDiscriminator! == (string)node[key]!).DerivedType
            : type;

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static Type? Entry(Type type) =>
        type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0] : null;

    private static bool IsWhole(Type type) => type == typeof(int) || type == typeof(long);

    private static void Set(JsonNode root, string path, long value)
    {
        string[] keys = path.Split('.')[1..];
        var at = root;
        foreach (var key in keys[..^1]) at = int.TryParse(key, out var n) ? at[n]! : at[key]!;
        if (int.TryParse(keys[^1], out var index)) at[index] = value;
        else at[keys[^1]] = value;
    }
}
