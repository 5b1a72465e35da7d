using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Experiments;

public class ReadmeTests
{
    [Fact]
    public void The_lines_of_the_README_run()
    {
        var model = Model.Build(ProblemFile.Read(Repository.Path("examples/three-layer.json")),
            dataFolder: null);
        var machine = new Machine { Threads = 2 };

        var limit = Certifier.Solve(new ParticleLimit(model), machine);
        Assert.Equal(0.116696, limit.Trajectory.Train[^1].Risk, 1e-6);      // NumPy and SciPy, same nodes

        var network = model.Embedding.Sample([400, 400], seed: 1);
        var trained = Run.Of(model, network, model.Dynamics, model.OfNetwork(replicate: 0), machine)
            .Complete().Trained;
        // The reference prototype has an rms gap of 0.34 to 0.42 over sqrt(N) at the final time; one network
        // within a factor 4.
        Assert.InRange(trained.Trajectory.LargestRmsDistance(limit.Trajectory) * 20, 0.1, 1.6);
    }

    [Fact]
    public void The_problem_of_the_README_is_a_problem()
    {
        var readme = File.ReadAllText(Repository.Path("README.md"));
        var start = readme.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        var text = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Equal(12, ProblemFile.Parse("README.md", System.Text.Encoding.UTF8.GetBytes(text)).Problem.Couple.Seeds);
    }

    [Fact]
    public void All_examples_are_problems()
    {
        var examples = Directory.GetFiles(Repository.Path("examples"), "*.json")
            .Where(f => !f.EndsWith("schema.json", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, file => ProblemFile.Read(file));
    }
}
