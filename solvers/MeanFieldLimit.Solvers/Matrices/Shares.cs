namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A product cut into blocks of whole tiles, which the caller and its helpers take one by one.</summary>
/// <remarks>The caller never waits for a block that nobody has started: it takes it itself. A busy helper costs
/// speed, never progress.</remarks>
internal sealed class Shares<V> : ISharedWork where V : struct, ILanes<V>
{
    private readonly Product product;
    private readonly int count, tilesPerShare;
    private readonly bool byRows;
    private Exception? failure;
    private int taken, done;

    private Shares(in Product product, int count)
    {
        this.product = product;
        // Either way of cutting makes every thread pack the other factor: cut the longer side.
        byRows = product.Narrow || product.M > product.N;
        var tiles = byRows
            ? (product.M + V.TileRows - 1) / V.TileRows
            : (product.N + TiledProduct<V>.TileColumns - 1) / TiledProduct<V>.TileColumns;
        tilesPerShare = (tiles + count - 1) / count;
        this.count = (tiles + tilesPerShare - 1) / tilesPerShare;
    }

    public static void Run(in Product product, int threads)
    {
        var shares = new Shares<V>(product, threads);
        Helper.Call(shares, shares.count - 1);
        shares.Execute();
        var wait = new SpinWait();
        while (Volatile.Read(ref shares.done) < shares.count)
            wait.SpinOnce(sleep1Threshold: -1);
        if (shares.failure is { } e)
            throw new InvalidOperationException("a share of a matrix product failed", e);
    }

    public void Execute()
    {
        for (int share; (share = Interlocked.Increment(ref taken) - 1) < count;)
        {
            try
            {
                RunShare(share);
            }
            // The caller's matrices are pinned until all shares are done: it must hear of every one.
            catch (Exception e)
            {
                failure = e;
            }
            Interlocked.Increment(ref done);
        }
    }

    private void RunShare(int share)
    {
        var tile = byRows ? V.TileRows : TiledProduct<V>.TileColumns;
        var from = share * tilesPerShare * tile;
        var to = Math.Min(from + tilesPerShare * tile, byRows ? product.M : product.N);
        if (product.Narrow)
            NarrowProduct<V>.Run(product, from, to);
        else if (byRows)
            TiledProduct<V>.Run(product, from, to, 0, product.N);
        else
            TiledProduct<V>.Run(product, 0, product.M, from, to);
    }
}
