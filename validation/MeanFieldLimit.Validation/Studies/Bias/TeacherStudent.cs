using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>
/// The networks that are compared. The conventional one, f = sum_j a_j s(&lt;b_j, x>) with a = 0 at first under plain
/// gradient descent, is that of the mean-field scaling with alpha_j = m a_j, learning rates 1 / m^2 in layer 1 and 1 in
/// layer 2, at m times its time: between random features (0 in layer 1) and the scaled network (1 in layer 1).
/// </summary>
internal sealed class TeacherStudent(Model model)
{
    internal BiasSpec Bias { get; } = model.Problem.Bias!;

    internal Model Model => model;

    internal int Points => Data.Points!.Value;

    internal int Inputs => Data.Dimension;

    /// <summary>n / (d + 1): with that many neurons a network has as many parameters as there are points.</summary>
    internal double Parametrized => (double)Points / (Inputs + 1);

    private SyntheticData Data => (SyntheticData)model.Problem.Data;

    /// <summary>f* of a problem.</summary>
    internal static NeuronSum TeacherOf(Model of)
    {
        var teacher = ((SyntheticData)of.Problem.Data).Teacher!;
        var neurons = teacher.Neurons!;
        return new((IClosedPairs)Catalogue.Find<IActivation>(teacher.Activation),
            [.. neurons.Select(n => n.A / neurons.Count)], [.. neurons.SelectMany(n => n.W)]);
    }

    /// <summary>So many points, and networks, of a replicate: the first ones are the same for any number.</summary>
    internal Model Sample(int points, int replicate) => Model.Build(model.Loaded with
    {
        Problem = model.Problem with { Data = Data with { Points = points }, Seed = model.Problem.Seed + replicate },
    }, null);

    /// <summary>The law of inputs in the dimension of the section, and a teacher of so many unit vectors.</summary>
    internal Model Population(int neurons)
    {
        var (d, layers) = (Bias.Dimension, model.Problem.Network.Layers);
        var all = new double[neurons * d];
        Streams.Teacher(model.Seed, 0).FillNormal(0, all);
        var law = (GaussianLaw)layers[0].Weights;
        return Model.Build(model.Loaded with
        {
            Problem = model.Problem with
            {
                Data = Data with
                {
                    Dimension = d,
                    Points = 1,
                    Test = 0,
                    Teacher = Data.Teacher! with
                    {
                        Neurons = [.. all.Chunk(d).Select(w => new TeacherNeuron
                        {
                            A = 1,
                            W = [.. w.Select(v => v / TensorPrimitives.Norm<double>(w))],
                        })],
                    },
                },
                Network = model.Problem.Network with
                {
                    Layers = [layers[0] with { Weights = law with { Std = law.Std * Math.Sqrt((double)Inputs / d) } },
                        layers[1]],
                },
            },
        }, null);
    }

    /// <summary>
    /// The model of a conventional network of a width, which takes as many steps as any other. A step is at most the
    /// scaled one in the time of a and b, where b would not be stable: shorter below some width.
    /// </summary>
    internal static Model Conventional(Model of, int width) => of.With(of.Problem with
    {
        Bias = null,
        Training = of.Problem.Training with
        {
            Time = of.Problem.Training.Time * Shorter(of, width),
            Step = of.Problem.Training.Step * Shorter(of, width),
        },
        Network = of.Problem.Network with
        {
            Layers = [of.Problem.Network.Layers[0] with { Rate = new ConstantRate { Value = 1.0 / width / width } },
                of.Problem.Network.Layers[1]],
        },
    });

    private static double Shorter(Model of, int width) =>
        Math.Min(1, width * of.Problem.Bias!.ScaledStep / of.Problem.Training.Step!.Value);

    /// <summary>That of scaled networks and of their limit.</summary>
    internal static Model Scaled(Model of) => of.With(of.Problem with
    {
        Bias = null,
        Training = of.Problem.Training with
        {
            Time = of.Problem.Bias!.ScaledTime,
            Step = of.Problem.Bias.ScaledStep,
        },
    });
}
