namespace MeanFieldLimit.Solvers.Transport;

/// <summary>The only thing entropic transport asks of a cost and of the masses a and b.</summary>
internal interface IEntropicPass
{
    /// <summary>At least max_ij c_ij - min_ij c_ij.</summary>
    double Range { get; }

    /// <summary>f = softmin_j (c_ij - g_j - eps log b_j), and next = softmin_i (c_ij - f_i - eps log a_i).</summary>
    /// <param name="epsilon">eps.</param>
    /// <param name="g">[target].</param>
    /// <param name="f">[source], written.</param>
    /// <param name="next">[target], written.</param>
    void Evaluate(double epsilon, double[] g, double[] f, double[] next);

    /// <summary>result = P' diag(1/a) P x, for the plan P_ij = a_i b_j exp((f_i + g_j - c_ij) / eps) of the last
    /// evaluation, whose f and g are still what they were.</summary>
    /// <param name="x">[target].</param>
    /// <param name="result">[target], written.</param>
    void Multiply(double[] x, double[] result);
}
