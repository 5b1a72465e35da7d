using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MeanFieldLimit.Solvers.Functions;

/// <summary>
/// What of the processor the bits of results depend on: the length of the vectors that sums are made of, and whether a
/// product and a sum round once or twice.
/// </summary>
public static class InstructionSet
{
    /// <summary>Architecture, vectors, fused operations: "x64, vectors of 512 bits, fused multiply-add".</summary>
    public static string Name { get; } =
        $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}, vectors of {Bits} bits, " +
        (Fma.IsSupported || AdvSimd.IsSupported ? "fused multiply-add" : "no fused multiply-add");

    private static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128 : 64;
}
