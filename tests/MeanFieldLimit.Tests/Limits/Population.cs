using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Limits on the law of their data: networks of two layers that learn a teacher of two neurons.</summary>
internal static class Population
{
    internal static readonly double[][] W = [[1, 0.5, -0.2], [-0.4, 0.8, 1.1]];
    internal static readonly double[] A = [2, -1];

    private static TeacherSpec Teacher(string activation, int inputs) => new()
    {
        Activation = activation,
        Neurons = [.. A.Select((a, j) => new TeacherNeuron { A = a, W = W[j][..inputs] })],
    };

    internal static SyntheticData Law(int inputs, InputLaw law, string activation, RuleSpec rule) => new()
    {
        Dimension = inputs,
        Inputs = law,
        Teacher = Teacher(activation, inputs),
        Expectation = rule,
    };

    /// <summary>First weights stay where they start, outgoing ones start at 0.</summary>
    internal static Problem Features(DataSpec data, string activation, LawSpec weights, double time = 1.5) => new()
    {
        Data = data,
        Network = new()
        {
            Layers =
            [
                new() { Weights = weights, Activation = activation, Rate = new ConstantRate { Value = 0 } },
                new() { Weights = new ConstantLaw { Value = 0 } },
            ],
        },
        Training = new() { Loss = "half-squared", Time = time },
        Limit = new() { Types = [new GaussSpec { Nodes = 4 }], Tolerance = 1e-11 },
        Record = new() { Saves = 4, Points = 300 },
    };

    internal static LimitSolution Solve(Problem problem) =>
        Certifier.Solve(new ParticleLimit(Model.Build(problem)), new());
}
