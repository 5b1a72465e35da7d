using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// A first feasible tree: after subtracting from every column its minimum, each source in turn gives to what is then
/// cheapest and still has room. Every gift exhausts a source or a target, so the gifts are a forest; each of its trees
/// hangs from the root by an arc without flow, which costs what makes the tree's potentials near to feasible.
/// </summary>
internal static class TransportStart
{
    private readonly record struct Gift(int Source, int Target, long Amount);

    public static TransportTree Greedy(double[] cost, long[] supply, long[] demand)
    {
        var (n, m) = (supply.Length, demand.Length);
        var least = cost.AsSpan(0, m).ToArray();
        for (var i = 1; i < n; i++)
            TensorPrimitives.Min(least, cost.AsSpan(i * m, m), least);
        // A full target costs infinity.
        var price = least.ToArray();
        var room = demand.ToArray();
        var gifts = new List<Gift>(n + m);
        var row = new double[m];
        var potentials = new double[n];
        for (var i = 0; i < n; i++)
        {
            TensorPrimitives.Subtract(cost.AsSpan(i * m, m), least, row);
            potentials[i] = TensorPrimitives.Min<double>(row);
            for (var left = supply[i]; left > 0;)
            {
                TensorPrimitives.Subtract(cost.AsSpan(i * m, m), price, row);
                var j = TensorPrimitives.IndexOfMin<double>(row);
                var amount = Math.Min(left, room[j]);
                gifts.Add(new(i, j, amount));
                left -= amount;
                if ((room[j] -= amount) == 0) price[j] = double.NegativeInfinity;
            }
        }
        return Tree(n, m, gifts, potentials);
    }

    private static TransportTree Tree(int n, int m, List<Gift> gifts, double[] potentials)
    {
        var neighbours = new List<(int Node, long Amount)>[n + m];
        for (var v = 0; v < n + m; v++) neighbours[v] = [];
        foreach (var (i, j, amount) in gifts)
        {
            neighbours[i].Add((n + j, amount));
            neighbours[n + j].Add((i, amount));
        }
        var tree = new TransportTree(n, m);
        var open = new Stack<int>();
        for (var i = 0; i < n; i++)
        {
            if (tree.Parent(i) >= 0) continue;
            tree.Hang(i, tree.Root, 0);
            tree.Potentials[i] = potentials[i];
            open.Push(i);
            while (open.TryPop(out var v))
                foreach (var (w, amount) in neighbours[v])
                    if (w != tree.Parent(v))
                    {
                        tree.Hang(w, v, amount);
                        open.Push(w);
                    }
        }
        return tree;
    }
}
