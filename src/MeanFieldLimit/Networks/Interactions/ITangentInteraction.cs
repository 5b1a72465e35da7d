namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// An interaction whose sums have derivatives along a direction of the parameters, as Hessians of the risk need them: a
/// tangent of a number is its derivative along that direction.
/// </summary>
/// <remarks>
/// Tangents come as pairs themselves: of weights, biases (empty where they do not move), H, s(H), and of slopes,
/// s''(H) H'. Those of inputs are 0, and both slopes are empty there; elsewhere they are there on both ways. The scratch
/// of the tangents has three times the room.
/// </remarks>
public interface ITangentInteraction : IInteraction
{
    /// <summary>Sets above(n, c') to the tangent of sum_c p(c) phi(w, b, h).</summary>
    void ForwardTangent(in Pairs pairs, in Pairs tangents, MatrixView above);

    /// <summary>
    /// Sets below(n, c) to the tangent of sum_c' p(c') D(n, c') d phi / d h, <paramref name="dTangents"/> being that of
    /// D. Activations must be twice differentiable, here and in what follows.
    /// </summary>
    void BackwardTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        MatrixView below);

    /// <summary>Adds rate times the tangent of sum_n D(n, c') d phi / d w to dw(c, c').</summary>
    void AddWeightTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        double rate, MatrixView dw);

    /// <summary>Adds rate times the tangent of sum_n D(n, c') sum_c p(c) d phi / d b to db(c').</summary>
    void AddBiasTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        double rate, Span<double> db)
    {
        for (var n = 0; n < d.Rows; n++) TensorPrimitives.MultiplyAdd(dTangents.Row(n), rate, db, db);
    }
}
