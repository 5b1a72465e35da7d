using System.Reflection;
using System.Runtime.CompilerServices;
using MeanFieldLimit.Models;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests;

public class DesignTests
{
    public static TheoryData<Type> Assemblies => [typeof(TimeLoop), typeof(Model), typeof(IStudy)];

    [Theory, MemberData(nameof(Assemblies))]
    public void Nothing_takes_more_than_seven_parameters(Type one)
    {
        const BindingFlags all = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.Public | BindingFlags.NonPublic;
        Assert.Empty(one.Assembly.GetTypes().Where(t => !IsGenerated(t)).SelectMany(type => type.GetMethods(all)
            .Concat<MethodBase>(type.GetConstructors(all)))
            .Where(method => method.GetParameters().Length > 7 && !IsGenerated(method))
            .Select(method => $"{method.DeclaringType}.{method.Name}"));

        // Anonymous types, the text of a record.
        static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));
    }
}
