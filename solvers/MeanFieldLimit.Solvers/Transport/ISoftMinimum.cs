namespace MeanFieldLimit.Solvers.Transport;

/// <summary>The only thing entropic transport asks of a cost: softmin_j (c_ij - h_j) and the same over i.</summary>
internal interface ISoftMinimum
{
    /// <summary>At least max_ij c_ij - min_ij c_ij.</summary>
    double Range { get; }

    /// <summary>result_i = -eps log sum_j exp((h_j - c_ij) / eps).</summary>
    void Rows(double epsilon, double[] h, double[] result);

    /// <summary>result_j = -eps log sum_i exp((h_i - c_ij) / eps).</summary>
    void Columns(double epsilon, double[] h, double[] result);
}
