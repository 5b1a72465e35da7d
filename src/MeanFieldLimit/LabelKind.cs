namespace MeanFieldLimit;

/// <summary>What the labels mean, which decides whether and how an error rate is counted.</summary>
public enum LabelKind
{
    /// <summary>Real numbers: no error rate.</summary>
    Real,

    /// <summary>One output, -1 or +1: an error where y yhat &lt;= 0.</summary>
    Signs,

    /// <summary>One-hot vectors: an error where the largest output is not the label's.</summary>
    OneHot,
}
