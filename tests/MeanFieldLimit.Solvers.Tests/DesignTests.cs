using System.Reflection;
using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Tests;

public class DesignTests
{
    [Fact]
    public void Nothing_takes_more_than_seven_parameters()
    {
        const BindingFlags all = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.Public | BindingFlags.NonPublic;
        Assert.Empty(typeof(TimeLoop).Assembly.GetTypes().SelectMany(type => type.GetMethods(all)
            .Concat<MethodBase>(type.GetConstructors(all)))
            .Where(method => method.GetParameters().Length > 7 && !method.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(method => $"{method.DeclaringType}.{method.Name}"));
    }
}
