using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>Limits with a solution on paper.</summary>
public class ClosedFormTests
{
    [Fact]
    public void Linear_two_layer_limit_on_one_point()
    {
        // yhat = E[w_1 w_2] = a with x = 1; w_1, w_2 ~ N(0, 1): u = w_1 + w_2 and v = w_1 - w_2 obey u' = -r u and
        // v' = r v, r = a - y. E u^2 = E v^2 = 2 at t = 0, so with F = int r: a = (e^(-2F) - e^(2F)) / 2 and
        // F' = a - y. For y = 3/4, where sqrt(1 + y^2) = 5/4, with e^(2F) = z: z' = 2 z (-(z - 1/z)/2 - y)
        // = 1 - 2 y z - z^2 = -(z - z1)(z - z2), z1 = 1/2, z2 = -2: (z - 1/2) / (z + 2) = (1/6) e^(-5t/2).
        const double y = 0.75, t = 1.3;
        var architecture = new Architecture(1, 1, [new Identity(), new Identity()], BiasMode.None);
        var normal = new LayerLaws(new Gaussian(0, 1), new Constant(0));
        var limit = new Embedding(architecture, [normal, normal]).Discretise([new GaussTensor(3)]);
        var data = new Dataset(1, 1, [1], [y], LabelKind.Real);
        var predictions = Sampled.Predictions(limit, data, t, 1e-11);

        var q = Math.Exp(-2.5 * t) / 6;
        var z = (0.5 + 2 * q) / (1 - q);
        Assert.Equal((1 / z - z) / 2, predictions[0], 1e-9);
    }

    [Fact]
    public void Quadratic_activation_starts_at_its_moment()
    {
        // yhat(x) = E[w_2 (w_1 . x)^2] = 0.7 |x|^2 for w_1 ~ N(0, I), w_2 of mean 0.7: exact with 2 nodes each.
        var architecture = new Architecture(2, 1, [new Quadratic(), new Identity()], BiasMode.None);
        var limit = new Embedding(architecture,
            [new(new Gaussian(0, 1), new Constant(0)), new(new Gaussian(0.7, 2), new Constant(0))])
            .Discretise([new GaussTensor(2)]);
        var data = new Dataset(2, 1, [0.3, -0.4, 1, 2], [0, 0], LabelKind.Real);
        var predictor = new Predictor(limit, data, Sampled.Engine);
        predictor.Predict(limit.State);
        Assert.Equal(0.7 * 0.25, predictor.Predictions[0], 1e-13);
        Assert.Equal(0.7 * 5, predictor.Predictions[1], 1e-13);
    }

    [Fact]
    public void Sgd_is_the_rescaled_gradient_step_on_the_batch()
    {
        var ensemble = Sampled.Embedding(Sampled.Architecture(3, new Tanh(), BiasMode.Trained)).Sample([8, 9], 4);
        var data = Sampled.Data(20);
        var batches = new BatchExpectation(new EmpiricalSource(data), Streams.Batches(3), 0.05, 4, data);
        var run = new TimeLoop
        {
            Stepper = new RungeKuttaStepper(RungeKutta.Euler,
                new MeanFieldVelocity(ensemble, new Squared(), batches, Sampled.Engine)),
            Control = new FixedStep(0.05),
        }.Run(ensemble.State, new(0, 0.15)).OrThrow();

        // By hand: three steps of -eps N_{i-1} N_i grad, the gradient from central differences, on batches drawn here.
        var state = ensemble.State.ToArray();
        for (var k = 0; k < 3; k++)
        {
            var stream = Streams.Batches(3);
            var batch = data.Select([.. Enumerable.Range(0, 4).Select(n => stream.Below((ulong)(4 * k + n), 20))]);
            var before = state.ToArray();
            for (var j = 0; j < state.Length; j++)
            {
                double Shifted(double h)
                {
                    var s = before.ToArray();
                    s[j] += h;
                    return Sampled.Risk(ensemble, s, batch, new Squared());
                }
                state[j] -= 0.05 * Factor(ensemble, j) * (Shifted(1e-5) - Shifted(-1e-5)) / 2e-5;
            }
        }
        Assert.Equal(3, run.Steps);
        Assert.All(state.Zip(run.State), p => Assert.InRange(p.First - p.Second, -1e-7, 1e-7));
    }

    /// <summary>N_{i-1} N_i for a weight (N_0 = N_L = 1), N_i for a bias.</summary>
    private static double Factor(Ensemble ensemble, int index)
    {
        int[] widths = [1, ensemble.Size(1), ensemble.Size(2), 1];
        var end = 0;
        for (var i = 1; ; i++)
        {
            end += ensemble.Size(i - 1) * ensemble.Size(i);
            if (index < end) return widths[i - 1] * widths[i];
            end += ensemble.Size(i);
            if (index < end) return widths[i];
        }
    }
}
