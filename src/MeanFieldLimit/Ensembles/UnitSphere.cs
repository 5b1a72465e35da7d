namespace MeanFieldLimit.Ensembles;

/// <summary>What the incoming weights w_1(., c) of each neuron of layer 1 must satisfy.</summary>
public enum WeightConstraint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>|w_1(., c)| = 1 at all times.</summary>
    Sphere,

    /// <summary>|w_1(., c)| = 1 at the start; then they move as they do without it.</summary>
    StartsOnSphere,
}

/// <summary>The incoming weights of layer 1 of an ensemble, column by column, and the unit sphere.</summary>
/// <remarks>Not for use by two threads at once.</remarks>
internal sealed class UnitSphere(Ensemble ensemble)
{
    private readonly double[] products = new double[ensemble.Size(1)];

    /// <summary>Puts the initial weights on the sphere, where the architecture asks for that.</summary>
    /// <exception cref="ArgumentException">Weights are 0, or too large to have a length.</exception>
    internal static Ensemble Start(Ensemble ensemble)
    {
        if (ensemble.Architecture.Constraint == WeightConstraint.None) return ensemble;
        var sphere = new UnitSphere(ensemble);
        sphere.Normalise(ensemble.State);
        if (Array.FindIndex(sphere.products, length => !double.IsNormal(length)) is var bad and >= 0)
            throw new ArgumentException("weights must have a direction to start on the sphere, those of neuron " +
                $"{bad} of layer 1 have the length {sphere.products[bad]}; use a law without 0 among its values");
        return ensemble;
    }

    /// <summary>w_1(., c) / |w_1(., c)|; not a number where that is 0.</summary>
    internal void Normalise(Span<double> state)
    {
        var w = ensemble.Weights(state, 1);
        Multiply(w, w);
        TensorPrimitives.Sqrt(products, products);
        for (var i = 0; i < w.Rows; i++) TensorPrimitives.Divide(w.Row(i), products, w.Row(i));
    }

    /// <summary>v - w &lt;w, v> in place of the velocity v of each w = w_1(., c), |w| = 1: what is tangent.</summary>
    internal void Project(ReadOnlySpan<double> state, Span<double> velocity)
    {
        var w = ensemble.Weights(state, 1);
        var v = ensemble.Weights(velocity, 1);
        Multiply(w, v);
        TensorPrimitives.Negate(products, products);
        for (var i = 0; i < w.Rows; i++) TensorPrimitives.MultiplyAdd(w.Row(i), products, v.Row(i), v.Row(i));
    }

    /// <summary>&lt;a(., c), b(., c)>.</summary>
    private void Multiply(ReadOnlyMatrixView a, ReadOnlyMatrixView b)
    {
        Array.Clear(products);
        for (var i = 0; i < a.Rows; i++) TensorPrimitives.MultiplyAdd(a.Row(i), b.Row(i), products, products);
    }
}
