using System.Diagnostics;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// A spanning tree of the transport problem: sources 0..n - 1, targets n..n + m - 1 and a root, which counts as a
/// target that takes nothing. Every arc goes from a source to a target; node v holds the flow of the arc to its parent.
/// Potentials pi satisfy pi_i - pi_j = c_ij along the arcs of the tree.
/// </summary>
/// <remarks>
/// The tree is strongly feasible (Cunningham, Mathematical Programming 11, 1976): an arc without flow points to the
/// root. The rule for the leaving arc keeps it so, and then no sequence of pivots returns to an earlier tree. Flows are
/// integers: that proof does not survive rounding.
/// </remarks>
internal sealed class TransportTree
{
    private const int None = -1;
    private readonly int sources;
    private readonly Node[] nodes;

    // The nodes in preorder, as a ring: what hangs from v is v, next[v], ..., nodes[v].Last. Alone in its array, since
    // the shift of the potentials runs along it.
    private readonly int[] next;

    private struct Node
    {
        public int Parent, Previous, Last, Size;    // Previous is the inverse of next; Size counts the node itself too
        public long Flow;
    }

    /// <summary>All nodes alone, none hung up.</summary>
    public TransportTree(int sources, int targets)
    {
        this.sources = sources;
        Root = sources + targets;
        nodes = new Node[Root + 1];
        next = new int[Root + 1];
        Potentials = new double[Root + 1];
        for (var v = 0; v <= Root; v++)
        {
            nodes[v] = new() { Parent = None, Previous = v, Last = v, Size = 1 };
            next[v] = v;
        }
    }

    /// <summary>pi [node], sources first.</summary>
    public double[] Potentials { get; }

    public int Root { get; }

    public int Parent(int node) => nodes[node].Parent;

    public long Flow(int node) => nodes[node].Flow;

    /// <summary>Puts a node that is alone below one that hangs from the root.</summary>
    public void Hang(int node, int parent, long flow)
    {
        (nodes[node].Parent, nodes[node].Flow) = (parent, flow);
        Insert(node, node, parent);
        for (var v = parent; v != None; v = nodes[v].Parent)
            nodes[v].Size++;
    }

    /// <summary>Exchanges the arc i -> j of reduced cost r = c_ij - pi_i + pi_j &lt; 0 for one of its cycle.</summary>
    public void Pivot(int i, int j, double reduced)
    {
        var apex = Apex(i, j);
        var leaving = Leaving(i, j, apex, out var amount);
        if (amount > 0)
            Push(i, j, apex, amount);
        var withSource = leaving < 0;
        if (withSource)
            Rehang(i, j, ~leaving, apex, amount);
        else
            Rehang(j, i, leaving, apex, amount);
        Shift(withSource ? i : j, withSource ? reduced : -reduced);
    }

    /// <summary>The potentials anew from the tree, without the roundings that the shifts have left.</summary>
    public void Recompute(ReadOnlySpan<double> cost, int targets)
    {
        for (var v = next[Root]; v != Root; v = next[v])
            if (nodes[v].Parent is var parent && parent != Root)
                Potentials[v] = v < sources
                    ? Potentials[parent] + cost[v * targets + parent - sources]
                    : Potentials[parent] - cost[parent * targets + v - sources];
    }

    // An ancestor is larger than what hangs from it, so the smaller of two is never the ancestor of the other.
    private int Apex(int i, int j)
    {
        while (i != j)
        {
            if (nodes[i].Size < nodes[j].Size)
                i = nodes[i].Parent;
            else
                j = nodes[j].Parent;
        }
        return i;
    }

    // The last arc that blocks on the way apex -> i -> j -> apex. Going up from i the flow of sources shrinks and the
    // first of equals is the last on the way; going up from j it is the flow of targets and the last of equals.
    // Returned is the lower end of the arc, complemented if it is on the side of i.
    private int Leaving(int i, int j, int apex, out long amount)
    {
        amount = long.MaxValue;
        var leaving = 0;
        for (var v = i; v != apex; v = nodes[v].Parent)
            if (v < sources && nodes[v].Flow < amount)
                (amount, leaving) = (nodes[v].Flow, ~v);
        for (var v = j; v != apex; v = nodes[v].Parent)
            if (v >= sources && nodes[v].Flow <= amount)
                (amount, leaving) = (nodes[v].Flow, v);
        Debug.Assert(amount != long.MaxValue);
        return leaving;
    }

    private void Push(int i, int j, int apex, long amount)
    {
        for (var v = i; v != apex; v = nodes[v].Parent)
            nodes[v].Flow += v < sources ? -amount : amount;
        for (var v = j; v != apex; v = nodes[v].Parent)
            nodes[v].Flow += v < sources ? amount : -amount;
    }

    // What hangs from top hangs from end now and goes below `other`. On the way w_0 = end, w_1, ..., w_k = top every
    // node becomes the last child of the one before, so the new preorder is all below w_0, then what is below w_1 and
    // not below w_0, and so on: at most two pieces of the old one for each, before and behind the part already taken.
    private void Rehang(int end, int other, int top, int apex, long flow)
    {
        var moved = nodes[top].Size;
        for (var v = nodes[top].Parent; v != apex; v = nodes[v].Parent)
            nodes[v].Size -= moved;
        for (var v = other; v != apex; v = nodes[v].Parent)
            nodes[v].Size += moved;
        Remove(top);
        var old = nodes[end];
        var (tail, behind) = (old.Last, next[old.Last]);
        (nodes[end].Parent, nodes[end].Flow, nodes[end].Size) = (other, flow, moved);
        for (var v = end; v != top;)
        {
            var (w, before) = (old.Parent, nodes[old.Parent]);
            Link(tail, w);
            tail = old.Previous;
            if (old.Last != before.Last)
            {
                Link(tail, behind);
                (tail, behind) = (before.Last, next[before.Last]);
            }
            (nodes[w].Parent, nodes[w].Flow, nodes[w].Size) = (v, old.Flow, moved - old.Size);
            (v, old) = (w, before);
        }
        for (var v = top; v != other; v = nodes[v].Parent)
            nodes[v].Last = tail;
        Insert(end, tail, other);
    }

    // Takes what hangs from top out of the ring; it is a ring of its own then.
    private void Remove(int top)
    {
        var (last, before) = (nodes[top].Last, nodes[top].Previous);
        for (var v = nodes[top].Parent; v != None && nodes[v].Last == last; v = nodes[v].Parent)
            nodes[v].Last = before;
        Link(before, next[last]);
        Link(last, top);
    }

    // Puts the nodes first, ..., last into the ring behind their parent.
    private void Insert(int first, int last, int parent)
    {
        for (var v = parent; v != None && nodes[v].Last == parent; v = nodes[v].Parent)
            nodes[v].Last = last;
        Link(last, next[parent]);
        Link(parent, first);
    }

    private void Link(int node, int following)
    {
        next[node] = following;
        nodes[following].Previous = node;
    }

    // Only differences of potentials count: of the two parts that the arc above `top` joins, the smaller one moves.
    private void Shift(int top, double by)
    {
        var behind = next[nodes[top].Last];
        var above = 2 * nodes[top].Size > nodes.Length;
        var (from, to) = above ? (behind, top) : (top, behind);
        if (above) by = -by;
        for (var v = from; v != to; v = next[v])
            Potentials[v] += by;
    }
}
