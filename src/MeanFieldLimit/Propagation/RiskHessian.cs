using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The Hessian of the risk of an ensemble in a state, in the mass metric: H v = -(d/d epsilon) velocity(theta +
/// epsilon v), for finite networks and limits alike, learning rates and weight decay included. It is symmetric in
/// <see cref="MassMetric"/>, and the same operator for an ensemble and for one with split neurons. Where an activation
/// has no second derivative (relu) it is the Gauss-Newton part, E_P[J^T l''(yhat) J], which is all of it where every
/// point is fitted exactly.
/// </summary>
/// <remarks>
/// As an operator it acts on u = sqrt(mass / rate) v, in plain inner products. An explicit Euler step eta of the
/// flow, gradient descent with that step, is stable along an eigenvector whose eigenvalue is below 2 / eta. Not for use
/// by two threads at once.
/// </remarks>
public sealed class RiskHessian : ISymmetricOperator
{
    private readonly Ensemble ensemble;
    private readonly ICurvedLoss loss;
    private readonly Dataset data;
    private readonly IMatrixEngine engine;
    private readonly IReadOnlyList<double>? ownRates;
    private readonly TangentPasses passes;
    private readonly double[] state, along, product, rates, e, moved;

    /// <summary>That of an ensemble in a state.</summary>
    /// <param name="ensemble">The ensemble; its tracers do not count.</param>
    /// <param name="state">Its state.</param>
    /// <param name="loss">The loss, an <see cref="ICurvedLoss"/>.</param>
    /// <param name="data">P.</param>
    /// <param name="engine">Matrix products.</param>
    /// <param name="rates">xi_1..xi_L; 1 for all layers where absent.</param>
    /// <exception cref="ArgumentException">The loss has no second derivatives, an interaction no tangents, pooling takes
    /// maxima, or masses are negative.</exception>
    public RiskHessian(Ensemble ensemble, ReadOnlySpan<double> state, ILoss loss, Dataset data, IMatrixEngine engine,
        IReadOnlyList<double>? rates = null) : this(ensemble, state, loss, data, engine, rates, data.Count) { }

    private RiskHessian(Ensemble ensemble, ReadOnlySpan<double> state, ILoss loss, Dataset data, IMatrixEngine engine,
        IReadOnlyList<double>? rates, int block)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(loss);
        this.loss = loss as ICurvedLoss ?? throw new ArgumentException("losses must have second derivatives for a " +
            $"Hessian (ICurvedLoss), got {loss.Name} without; use half-squared", nameof(loss));
        if (ensemble.Architecture.Constraint == WeightConstraint.Sphere)
            throw new ArgumentException("weights must be free for the Hessian, got a constraint of layer 1 to the sphere; " +
                "use starts-on-sphere", nameof(ensemble));
        (this.ensemble, this.data, this.state, this.engine) = (ensemble, data, state.ToArray(), engine);
        ownRates = rates;
        this.rates = [.. rates ?? Enumerable.Repeat(1.0, ensemble.Depth)];
        Metric = new(ensemble, this.rates);
        for (var i = 0; i < ensemble.Scales.Count; i++) this.rates[i] *= ensemble.Scales[i].WeightRate;
        passes = new(ensemble, engine, block);
        (along, product) = (new double[state.Length], new double[state.Length]);
        (e, moved) = (new double[passes.Capacity * data.Outputs], new double[passes.Capacity * data.Outputs]);
        IsGaussNewton = !ensemble.Architecture.Activations.All(s => s is ITwiceDifferentiable);
    }

    /// <summary>lambda of the weight decay, lambda/2 |w|^2 in the mass metric.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether it is the Gauss-Newton part alone; where an activation has no second derivative it is.</summary>
    public bool IsGaussNewton { get; init => field |= value; }

    /// <summary>The inner product in which it is symmetric.</summary>
    public MassMetric Metric { get; }

    /// <inheritdoc/>
    public int Dimension => state.Length;

    internal Dataset Data => data;

    /// <summary>
    /// The covariance of the Hessians H_n of the points' own losses, Sigma = E_P[H_n^2] - (E_P[H_n])^2, as an operator on
    /// the same u. A product takes as many as two of every point's Hessian, in the Gauss-Newton part three of H.
    /// It works in the memory of this one.
    /// </summary>
    public ISymmetricOperator Covariance() => new HessianCovariance(
        // Weight decay is the same for all points.
        WeightDecay == 0 ? this
            : new(ensemble, state, loss, data, engine, ownRates, data.Count) { IsGaussNewton = IsGaussNewton },
        new(ensemble, state, loss, data, engine, ownRates, block: 1) { IsGaussNewton = IsGaussNewton });

    /// <summary>Sets result to H v; untrained parameters and tracers neither move nor are moved.</summary>
    public void Product(ReadOnlySpan<double> v, Span<double> result)
    {
        Sum(v, [], result);
        for (var i = 1; WeightDecay > 0 && i <= ensemble.Depth; i++)
        {
            var w = ensemble.Weights(result, i).Data;
            TensorPrimitives.MultiplyAdd(ensemble.Weights(along.AsSpan(), i).Data, WeightDecay * rates[i - 1], w, w);
        }
        Metric.Project(result);
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> v, Span<double> result)
    {
        Metric.FromPlain(v, product);
        Product(product, result);
        Metric.ToPlain(result, result);
    }

    /// <summary>
    /// Sets result to E_P[H_n v], or with Gram matrices [point, K, K], T_n = J_n J_n^* in the metric, to
    /// E_P[J_n^* l_n'' T_n l_n'' J_n v], which is E_P[H_n^2 v] of Gauss-Newton parts.
    /// </summary>
    internal void Sum(ReadOnlySpan<double> v, ReadOnlySpan<double> grams, Span<double> result)
    {
        v.CopyTo(along);
        Metric.Project(along);
        result.Clear();
        for (int start = 0, points; start < data.Count; start += points)
            points = AddBlock(start, data.Masses, grams, result);
    }

    /// <summary>Sets result to H_n v of one point, of blocks of one.</summary>
    internal void OfPoint(int n, ReadOnlySpan<double> v, Span<double> result)
    {
        v.CopyTo(along);
        Metric.Project(along);
        result.Clear();
        AddBlock(n, [], [], result);
        Metric.Project(result);
    }

    /// <summary>Sets result to sqrt(mass / rate) J_n^* e_k, the derivative of output k at a point, of blocks of one.</summary>
    internal void OutputGradient(int n, int k, Span<double> result)
    {
        Array.Clear(along);
        result.Clear();
        passes.Forward(state, along, data, n, out var x);
        Array.Clear(moved);
        moved[k] = 1;
        passes.PullBack(state, x, 1, rates, moved.AsSpan(0, data.Outputs), result);
        Metric.ToPlain(result, result);
    }

    /// <summary>Adds sum_n masses(n) H_n v of the block of points that begins at one; without masses they are 1.</summary>
    private int AddBlock(int start, ReadOnlySpan<double> masses, ReadOnlySpan<double> grams, Span<double> result)
    {
        var points = passes.Forward(state, along, data, start, out var x);
        var (k, exact) = (data.Outputs, !IsGaussNewton);
        ReadOnlySpan<double> yhat = passes.Outputs(points), tangent = passes.OutputTangents(points);
        Span<double> through = new double[k];
        for (var n = 0; n < points; n++)
        {
            var at = n * k;
            var y = data.Label(start + n);
            loss.HessianProduct(yhat.Slice(at, k), y, tangent.Slice(at, k), moved.AsSpan(at, k));
            if (exact) loss.Gradient(yhat.Slice(at, k), y, e.AsSpan(at, k));
            if (!grams.IsEmpty)
            {
                for (var j = 0; j < k; j++)
                    through[j] = TensorPrimitives.Dot(grams.Slice(((start + n) * k + j) * k, k), moved.AsSpan(at, k));
                loss.HessianProduct(yhat.Slice(at, k), y, through, moved.AsSpan(at, k));
            }
            for (var j = at; !masses.IsEmpty && j < at + k; j++)
            {
                moved[j] *= masses[start + n];
                e[j] *= masses[start + n];
            }
        }
        if (exact)
            passes.PullBackTangent(new(state, along, rates), x, points, e.AsSpan(0, points * k),
                moved.AsSpan(0, points * k), result);
        else passes.PullBack(state, x, points, rates, moved.AsSpan(0, points * k), result);
        return points;
    }
}
