using MeanFieldLimit.Data;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>The flow of an ensemble, whose state comes first, with what its derivatives along directions are had from.</summary>
internal interface IMassDerivatives : IVectorField
{
    /// <summary>At the start.</summary>
    double[] Initial { get; }

    /// <summary>Sets each row of <paramref name="tangents"/>, [m, point K], to d yhat / d epsilon on some points.</summary>
    void Outputs(ReadOnlySpan<double> y, Dataset points, double[][] tangents);
}
