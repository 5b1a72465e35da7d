namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Products by taps, in shares that depend on nothing but the sizes.</summary>
internal interface ITapWork
{
    int Shares { get; }

    /// <summary>Operations of all shares.</summary>
    double Flops { get; }

    void Run<L, V, E>(int share) where L : ILanes<V, E> where V : struct where E : unmanaged;
}
