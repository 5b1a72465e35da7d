namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// What a neuron c' of layer i receives from a neuron c of the layer below: phi(w, b, h) with w = w_i(c, c'),
/// b = b_i(c'), h = H_{i-1}(x, c), in H_i(x, c') = sum_c p(c) phi(w, b, h) (the general model of Nguyen and Pham
/// 2020; the local operation sigma*(w, h) of Nguyen, arXiv:1902.02880, section 2.4, is phi without b). The standard
/// model is <see cref="WeightedSum"/>.
/// </summary>
/// <remarks>
/// Each method gets a block of <see cref="Pairs"/> and sums over all pairs in it; blocks of massive neurons never
/// contain a tracer. The inputs of layer 1 act together: they count 1 each in the sum, and b once. Without biases b
/// is 0.
/// </remarks>
public interface IInteraction : INamed
{
    /// <summary>
    /// Whether phi is affine in w. A limit that knows noisy weights by their mean alone is then exact:
    /// E phi(w, b, h) = phi(E w, b, h).
    /// </summary>
    bool IsAffineInWeights => true;

    /// <summary>above(n, c') = sum_c p(c) phi(w, b, h).</summary>
    void Forward(in Pairs pairs, MatrixView above);

    /// <summary>below(n, c) = sum_c' p(c') D(n, c') d phi / d h.</summary>
    void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below);

    /// <summary>dw(c, c') = keep dw(c, c') - rate sum_n D(n, c') d phi / d w; dw is not read if keep is 0.</summary>
    void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw);

    /// <summary>
    /// db(c') -= rate sum_n D(n, c') sum_c p(c) d phi / d b; where b is added, as it mostly is, d phi / d b = 1.
    /// </summary>
    void AddBiasVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, Span<double> db)
    {
        for (var n = 0; n < d.Rows; n++) TensorPrimitives.MultiplyAdd(d.Row(n), -rate, db, db);
    }
}
