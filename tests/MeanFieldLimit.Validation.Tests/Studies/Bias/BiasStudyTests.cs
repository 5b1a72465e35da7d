using MeanFieldLimit.Kernels;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies.Bias;

namespace MeanFieldLimit.Validation.Tests.Studies.Bias;

public class BiasStudyTests
{
    private static double Relu(double h) => Math.Max(0, h);

    /// <summary>f = sum_j a_j s(b_j x), a = 0 at first, and its plain gradient, in the time of a and b.</summary>
    [Fact]
    public void A_conventional_network_is_plain_gradient_descent_on_a_and_b()
    {
        const int width = 4, steps = 300;
        var model = Small.Bias(time: steps, more: ", \"scaledStep\": 1");
        var (data, d, eps) = (model.Data.Train, model.Data.Train.Inputs, 1.0 / width);
        var network = model.Sample([width], 0);
        var start = NeuronSum.Of(network, network.State);
        double[] a = new double[width], b = [.. start.Incoming], da = new double[width], db = new double[width * d];
        for (var k = 0; k < steps; k++)
        {
            Array.Clear(da);
            Array.Clear(db);
            for (var i = 0; i < data.Count; i++)
            {
                double[] h = [.. b.Chunk(d).Select(w => w.Zip(data.Input(i).ToArray(), (u, v) => u * v).Sum())];
                var error = a.Zip(h, (q, v) => q * Relu(v)).Sum() - data.Label(i)[0];
                for (var j = 0; j < width; j++)
                {
                    da[j] += 2 * error * Relu(h[j]) / data.Count;
                    for (var c = 0; c < d && h[j] > 0; c++)
                        db[j * d + c] += 2 * error * a[j] * data.Input(i)[c] / data.Count;
                }
            }
            for (var j = 0; j < width; j++) a[j] -= eps * da[j];
            for (var j = 0; j < b.Length; j++) b[j] -= eps * db[j];
        }
        var teacher = TeacherStudent.TeacherOf(model);
        var run = SampleRun.Of(model, width, 0, isScaled: false, default);
        var plain = start with { Outgoing = a, Incoming = b };
        Assert.Equal(steps, run.Times[^1]);
        Assert.Equal(plain.Minus(teacher).SquaredNorm(), run.Test, 1e-10);
        Assert.Equal(plain.Magnitudes.Sum(), run.Network.PathNorm[^1], 1e-10);
        // It has left its random features, which moves what is compared.
        Assert.InRange(run.Gaps[^1], 0.01, 10);
        Assert.True(run.Moved > 0.1);
    }

    /// <summary>In the time of a and b: as many of them, none longer than that of scaled networks.</summary>
    [Theory]
    [InlineData(2, 0.4)]
    [InlineData(100, 1)]
    public void Steps_of_narrow_networks_are_shorter(int width, double step)
    {
        var training = TeacherStudent.Conventional(Small.Bias(time: 50), width).Problem.Training;
        Assert.Equal((step, 50), (training.Step!.Value, training.Time / training.Step.Value));
    }

    [Fact]
    public void It_is_looked_at_after_steps_of_equal_ratios_the_last_included()
    {
        var model = Small.Bias(time: 81);
        double[] Times(int saves) => StudentDescent.Times(model.With(model.Problem with { Record = new() { Saves = saves } }));
        Assert.Equal([0, 1, 3, 9, 27, 81], Times(5));
        Assert.Equal([0, 81], Times(1));
        Assert.Equal([0, 1, 2, 3, 4], Times(100)[..5]);
    }

    [Fact]
    public void Under_the_law_of_the_inputs_few_neurons_are_left_and_random_features_stop_short()
    {
        var of = new TeacherStudent(Small.Bias(time: 6000, more: ", \"scaledStep\": 0.1"));
        var population = of.Population(1);
        var run = PopulationRun.Of(population, TeacherStudent.Conventional(population, of.Bias.Width), of.Bias.Width,
            default);
        Assert.InRange(run.Risks[^1] / run.Norm, 0, 1e-3);
        Assert.InRange(run.FeatureRisks[^1] / run.Norm, 0.01, 1);
        Assert.InRange(run.SurvivorsAt(run.Times.Length - 1), 1, 3);
        Assert.Equal(of.Bias.Width, run.SurvivorsAt(0));
        // Of one neuron |w| = 1: E f*^2 = 1/2, and what is left points along it.
        Assert.Equal(0.5, run.Norm, 1e-12);
        var largest = run.Magnitudes[^1].Index().MaxBy(m => m.Item).Index;
        Assert.InRange(run.Ends[largest][1] / run.Ends[largest][0], 0, 0.2);
        // a moves from the start, b only as a has grown.
        Assert.Equal(0, run.Speeds[0][1]);
        Assert.True(run.Speeds[0][0] > 0.01);
        // After one step all are the same, but for the root of a rounding.
        Assert.Equal(0, run.Gaps[1], 1e-7);
    }

    /// <summary>Of three neurons, by the kernel of arc-cosines: a_j = 2 h E[s_j f*] after one step.</summary>
    [Fact]
    public void The_first_step_towards_a_teacher_of_several_neurons()
    {
        var of = new TeacherStudent(Small.Bias(time: 3));
        var (population, m) = (of.Population(3), of.Bias.Width);
        var moving = TeacherStudent.Conventional(population, m);
        var (network, teacher) = (moving.Sample([m], 0), TeacherStudent.TeacherOf(population));
        var run = PopulationRun.Of(population, moving, m, default);
        double[][] w = [.. Enumerable.Range(0, m).Select(c => Enumerable.Range(0, of.Bias.Dimension)
            .Select(i => network.Weights(1).Row(i)[c]).ToArray())], v = [.. teacher.Incoming.Chunk(of.Bias.Dimension)];
        double[] g = [.. w.Select(own => v.Average(other => ArcCosine(own, other)))];
        double[] q = [.. g.Select(product => 2 * moving.Problem.Training.Step!.Value * product / m)];
        var norm = v.Average(own => v.Average(other => ArcCosine(own, other)));
        var cross = q.Zip(g, (a, product) => a * product).Sum();
        var own = q.Index().Sum(a => q.Index().Sum(b => a.Item * b.Item * ArcCosine(w[a.Index], w[b.Index])));
        Assert.Equal(norm, run.Norm, 1e-12);
        Assert.Equal(norm - 2 * cross + own, run.FeatureRisks[1], 1e-12);
        Assert.Equal(run.FeatureRisks[1], run.Risks[1], 1e-12);
        Assert.True(run.Risks[^1] < run.Risks[1]);

        // E[relu(<a, x>) relu(<b, x>)] of x ~ N(0, I) (Cho and Saul 2009).
        static double ArcCosine(double[] a, double[] b)
        {
            var (x, y) = (Math.Sqrt(a.Sum(t => t * t)), Math.Sqrt(b.Sum(t => t * t)));
            var angle = Math.Acos(Math.Clamp(a.Zip(b, (s, t) => s * t).Sum() / x / y, -1, 1));
            return x * y * (Math.Sin(angle) + (Math.PI - angle) * Math.Cos(angle)) / (2 * Math.PI);
        }
    }

    /// <summary>Steps with which random features would grow are refused, of whatever kernel they are.</summary>
    [Fact]
    public void Too_long_a_step_is_refused()
    {
        var model = Small.Bias(time: 90);
        var features = FeatureDescent.On(model.Sample([4], 0), model.Data.Train);
        double Size(double length) => features.After(4000, length).Outgoing.Max(Math.Abs);
        Assert.True(Size(1.01 * features.LargestStep) > 1e6 * Size(0.99 * features.LargestStep));
        var longer = model.With(model.Problem with
        {
            Training = model.Problem.Training with { Time = 1e4, Step = 1.01 * features.LargestStep },
        });
        Assert.Contains("step must be at most", Assert.Throws<ProblemException>(() =>
            StudentDescent.At(longer, features, 0)).Message, StringComparison.Ordinal);
    }

    /// <summary>Of the same draws: points, and neurons of a replicate.</summary>
    [Fact]
    public void Samples_are_nested_and_replicates_differ()
    {
        var of = new TeacherStudent(Small.Bias());
        double[] four = of.Sample(4, 1).Data.Train.X, eight = of.Sample(8, 1).Data.Train.X;
        Assert.Equal(four, eight[..four.Length]);
        Assert.NotEqual(eight, of.Sample(8, 0).Data.Train.X);
        Assert.Equal(of.Model.Data.Train.X, of.Sample(8, 0).Data.Train.X);
        Assert.NotEqual(of.Sample(8, 0).Sample([4], 0).State, of.Sample(8, 1).Sample([4], 0).State);
    }

    /// <summary>Many random features are the kernel limit, up to 1 / sqrt(m) and the steps of descent.</summary>
    [Fact]
    public void The_kernel_limit_is_that_of_many_random_features()
    {
        var model = Small.Bias(time: 2000);
        var (train, test) = (model.Data.Train, model.Data.Test!);
        var features = FeatureDescent.On(model.Sample([20_000], 0), train).After(2000, 1);
        var error = 0.0;
        for (var n = 0; n < test.Count; n++)
        {
            double[] x = test.Input(n).ToArray(), h = [.. features.Incoming.Chunk(x.Length)
                .Select(w => Relu(w.Zip(x, (u, v) => u * v).Sum()))];
            error += Math.Pow(h.Zip(features.Outgoing, (s, q) => s * q).Sum() - test.Label(n)[0], 2) / test.Count;
        }
        var kernel = LimitRisk.OfKernel(model);
        Assert.Equal(error, kernel.Test, 0.05 * kernel.Test + 1e-3);
        Assert.InRange(kernel.Half, 0, 2 * kernel.Test);
    }

    [Fact]
    public void At_a_width_the_median_counts_and_roundings_do_not()
    {
        Assert.Equal(new WidthMedian(2, 1e-12, 7), WidthMedian.Of([7, 0, 2]));
        Assert.Equal(new WidthMedian(3, 3, 3), WidthMedian.Of([3]));
    }

    /// <summary>The test error of the mean-field limit is that of wide networks of its scaling.</summary>
    [Fact]
    public void The_mean_field_limit_is_that_of_wide_scaled_networks()
    {
        var model = Small.Bias();
        var limit = LimitRisk.OfMeanField(TeacherStudent.Scaled(model), new());
        var network = SampleRun.Of(model, 2000, 0, isScaled: true, default);
        Assert.InRange(Math.Abs(network.Test - limit.Test), 0, 3 * limit.Half + 0.02);
        Assert.InRange(limit.Half, 1e-9, 0.1);
    }

    [Fact]
    public void It_asks_for_its_section() => Assert.Contains("bias must be given for bias, found none",
        Assert.Throws<ProblemException>(() => new BiasStudy().Plan(Small.Regression(), 1)).Message,
        StringComparison.Ordinal);
}
