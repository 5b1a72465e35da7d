namespace MeanFieldLimit.Tests;

/// <summary>
/// A test on a file of the folder `shared` beside the repository; reported as skipped where it is absent.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string file) =>
        Skip = Repository.Shared(file) is null ? $"../shared/{file} is absent" : null;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string file) =>
        Skip = Repository.Shared(file) is null ? $"../shared/{file} is absent" : null;
}
