using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A product cut into blocks of whole tiles, which do not depend on the number of threads but for their size.
/// </summary>
internal sealed class Shares<W> where W : IProductKernel
{
    private readonly Product product;
    private readonly int count, tile, tilesPerShare;
    private readonly bool byRows;

    private Shares(in Product product, int count)
    {
        this.product = product;
        // Either way of cutting makes every thread pack the other factor: cut the longer side.
        byRows = product.Narrow || product.M > product.N;
        tile = byRows ? W.TileRows : W.TileColumns;
        var tiles = ((byRows ? product.M : product.N) + tile - 1) / tile;
        tilesPerShare = (tiles + count - 1) / count;
        this.count = (tiles + tilesPerShare - 1) / tilesPerShare;
    }

    // The caller's matrices are pinned until all shares are done.
    public static void Run(in Product product, int threads)
    {
        var shares = new Shares<W>(product, threads);
        Workers.Run(shares.count, threads, shares.RunShare);
    }

    private void RunShare(int share)
    {
        var from = share * tilesPerShare * tile;
        var to = Math.Min(from + tilesPerShare * tile, byRows ? product.M : product.N);
        if (byRows)
            W.Run(product, from, to, 0, product.N);
        else
            W.Run(product, 0, product.M, from, to);
    }
}
