using System.Numerics;
using System.Runtime.InteropServices;

namespace MeanFieldLimit.Embeddings.Means;

/// <summary>
/// g(c, R c'): R turns each two successive latents in(c') of the target, the last one of an odd number excepted.
/// Latents that are standard normal stay so: mean and variance are those of g.
/// </summary>
internal sealed class Turned(IMeanFunction mean, LatentPlaces places, Complex[] turns) : IMeanFunction
{
    /// <summary>By independent angles, uniform on the circle.</summary>
    internal static Turned Draw(IMeanFunction mean, LatentPlaces places, RandomStream stream) =>
        new(mean, places, [.. Enumerable.Range(0, places.Count / 2).Select(k =>
            Complex.FromPolarCoordinates(1, 2 * Math.PI * stream.Uniform((ulong)k)))]);

    public double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target)
    {
        var turned = target.ToArray();
        var pairs = MemoryMarshal.Cast<double, Complex>(turned.AsSpan(places.Incoming, places.Count));
        for (var k = 0; k < turns.Length; k++) pairs[k] *= turns[k];
        return mean.At(source, turned);
    }
}
