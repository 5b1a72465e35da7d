using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Dynamics;

/// <summary>
/// Two layers of ReLU, neurons with |a| = |w|: weight decay lambda is the penalty lambda int |a| |w| d rho, whose
/// gradient (sign(a) |w|, |a| w / |w|) is then (a, w).
/// </summary>
public class NormPenaltyTests
{
    private const double Lambda = 0.3;
    private static readonly Dataset Points = Sampled.Data(7, inputs: 2, outputs: 1);

    [Fact]
    public void The_velocity_of_balanced_neurons_is_minus_the_gradient_of_risk_and_penalty()
    {
        var ensemble = Neurons(balance: 0);
        var velocity = new double[ensemble.State.Length];
        Objective.Velocity(ensemble, Sampled.Engine).Evaluate(0, ensemble.State, velocity);
        const double h = 1e-6;
        for (var k = 0; k < velocity.Length; k++)
        {
            double At(double step)
            {
                double[] state = [.. ensemble.State];
                state[k] += step;
                return Sampled.Risk(ensemble, state, Points, new HalfSquared()) + Lambda * Penalty(ensemble, state);
            }
            var mass = ensemble.Masses(1)[k % ensemble.Size(1)];
            Assert.InRange((At(h) - At(-h)) / (2 * h) / mass + velocity[k], -1e-7, 1e-7);
        }
    }

    [Fact]
    public void Balanced_neurons_stay_balanced_and_others_come_to_be_at_the_rate_of_twice_the_decay()
    {
        foreach (var balance in new[] { 0, 0.5 })
        {
            var ensemble = Neurons(balance);
            const double time = 2;
            var stepping = new GradientFlow("dormand-prince", 1e-11).Bind(ensemble, Objective, default, Sampled.Engine);
            var end = new TimeLoop { Stepper = stepping.Stepper, Control = stepping.Control }
                .Run(ensemble.State, new(0, time)).OrThrow().State;
            for (var c = 0; c < ensemble.Size(1); c++)
                Assert.InRange(Balance(ensemble, end, c) - Math.Exp(-2 * Lambda * time)
                    * Balance(ensemble, ensemble.State, c), -1e-7, 1e-7);
        }
    }

    private static Objective Objective => Sampled.Objective(new HalfSquared(), Points, decay: Lambda);

    /// <summary>|w| = 1, a = 1 + balance or -1.</summary>
    private static Ensemble Neurons(double balance)
    {
        var ensemble = Sampled.Ensemble(new Architecture(2, 1, [new Relu(), new Identity()], BiasMode.None)
        { Constraint = WeightConstraint.StartsOnSphere });
        UnitSphere.Start(ensemble);
        for (var c = 0; c < ensemble.Size(1); c++) ensemble.Weights(2).Data[c] = c % 2 == 0 ? 1 + balance : -1;
        return ensemble;
    }

    private static double Length(Ensemble of, double[] state, int c)
    {
        var w = of.Weights(state, 1);
        return double.Hypot(w.Row(0)[c], w.Row(1)[c]);
    }

    private static double Balance(Ensemble of, double[] state, int c) =>
        Math.Pow(of.Weights(state, 2).Data[c], 2) - Math.Pow(Length(of, state, c), 2);

    private static double Penalty(Ensemble of, double[] state) => Enumerable.Range(0, of.Size(1))
        .Sum(c => of.Masses(1)[c] * Math.Abs(of.Weights(state, 2).Data[c]) * Length(of, state, c));
}
