using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Matrix products by OpenBLAS, where the system has it. The number of threads is the library's own and
/// global to the process: the engine created last sets it.</summary>
public sealed unsafe class OpenBlasEngine : IMatrixEngine
{
    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    private static readonly string[] LibraryNames = ["libopenblas.so.0", "libopenblas"];

    private readonly delegate* unmanaged[Cdecl]<
        int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void> dgemm;

    private readonly int threads;

    private OpenBlasEngine(nint dgemm, string name, int threads)
    {
        this.threads = threads;
        this.dgemm = (delegate* unmanaged[Cdecl]<
            int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)dgemm;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The managed engine's: of the library there are products in double precision here.</summary>
    public IMatrixEngine InSinglePrecision => new ManagedEngine(threads, Precision.Single);

    /// <inheritdoc/>
    public ManagedEngine OverTaps => new(threads);

    /// <summary>Loads the library; where that fails, <paramref name="reason"/> says why and what to install.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static bool TryCreate(int threads, [NotNullWhen(true)] out OpenBlasEngine? engine, out string reason)
    {
        if (threads < 1)
            throw new ArgumentOutOfRangeException(nameof(threads), $"threads must be at least 1, got {threads}");
        engine = null;
        nint library = 0;
        if (!LibraryNames.Any(name => NativeLibrary.TryLoad(name, out library)))
        {
            reason = $"none of {string.Join(", ", LibraryNames)} could be loaded; install OpenBLAS "
                + "(Debian: libopenblas0-pthread) or use the managed engine";
            return false;
        }
        if (!NativeLibrary.TryGetExport(library, "cblas_dgemm", out var dgemm)
            || !NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out var setThreads)
            || !NativeLibrary.TryGetExport(library, "openblas_get_config", out var getConfig))
        {
            reason = "the library found lacks cblas_dgemm, openblas_set_num_threads or openblas_get_config; install a "
                + "complete OpenBLAS or use the managed engine";
            return false;
        }
        ((delegate* unmanaged[Cdecl]<int, void>)setThreads)(threads);
        var config = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)getConfig)()) ?? "";
        engine = new OpenBlasEngine(dgemm, NameOf(config), threads);
        reason = "";
        return true;
    }

    /// <inheritdoc/>
    public void Multiply(double alpha, Factor a, ReadOnlySpan<double> p, Factor b, double beta, MatrixView c)
    {
        var (m, n, k) = Shape.Of(a, p, b, c);
        if (m == 0 || n == 0)
            return;
        if (alpha == 0 || k == 0)
        {
            ManagedEngine.Scale(beta, c);
            return;
        }
        fixed (double* pa = a.Matrix.Data, pb = b.Matrix.Data, pc = c.Data)
        {
            bool scaleA = !p.IsEmpty && m <= n, scaleB = !p.IsEmpty && m > n;
            dgemm(
                RowMajor, Code(a.Op), Code(b.Op), m, n, k, alpha,
                scaleA ? Scaled(a.Matrix, p, byRow: a.Op == Op.Transposed) : pa,
                scaleA ? a.Matrix.Columns : a.Matrix.Stride,
                scaleB ? Scaled(b.Matrix, p, byRow: b.Op == Op.Plain) : pb,
                scaleB ? b.Matrix.Columns : b.Matrix.Stride,
                beta, pc, c.Stride);
        }
    }

    /// <summary>diag(p) A (by row) or A diag(p), in a buffer of this thread.</summary>
    private static double* Scaled(ReadOnlyMatrixView a, ReadOnlySpan<double> p, bool byRow)
    {
        var to = Scratch.Get(a.Rows * a.Columns);
        for (var i = 0; i < a.Rows; i++)
        {
            var row = a.Data.Slice(i * a.Stride, a.Columns);
            var scaled = new Span<double>(to + i * a.Columns, a.Columns);
            if (byRow)
                TensorPrimitives.Multiply(row, p[i], scaled);
            else
                TensorPrimitives.Multiply(row, p, scaled);
        }
        return to;
    }

    private static int Code(Op op) => op == Op.Plain ? NoTranspose : Transpose;

    // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY SkylakeX MAX_THREADS=64": library, version and, next to
    // last, the processor it takes this one for. A version older than the processor may choose badly, several times
    // slower ("Prescott" on an AVX-512 machine); the environment variable OPENBLAS_CORETYPE=SkylakeX corrects it.
    private static string NameOf(string config) => config.Split(' ') is [var library, var version, .., var core, _]
        ? $"{library.ToLowerInvariant()} {version} {core}"
        : "openblas";
}
