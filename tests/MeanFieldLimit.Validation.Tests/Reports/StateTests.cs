using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Densities;

namespace MeanFieldLimit.Validation.Tests.Reports;

/// <summary>The neurons of limits in state.npz.</summary>
public sealed class StateTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    private string Path => System.IO.Path.Combine(temporary.Path, "state.npz");

    private StudyResult Write(IStudy study, Model model)
    {
        var result = Small.Run(study, model);
        StudyReport.Write(new ReportFolder(temporary.Path), model, study, result, Small.Info);
        return result;
    }

    private static Model Keeping(Model model, int states, int saves) => Model.Build(model.Problem with
    {
        Record = model.Problem.Record with { States = states, Saves = saves },
    });

    [Theory]
    [InlineData(2, 4, "0,4")]
    [InlineData(3, 4, "0,2,4")]
    [InlineData(4, 4, "0,1,2,4")]
    [InlineData(5, 4, "0,1,2,3,4")]
    [InlineData(100, 4, "0,1,2,3,4")]
    public void The_states_that_are_kept_make_the_predictions_that_are_written(int states, int saves, string kept)
    {
        var model = Keeping(Small.TwoLayers(), states, saves);
        var solved = Write(new SolveStudy(), model);
        int[] at = [.. kept.Split(',').Select(k => int.Parse(k, null))];
        using var archive = ZipFile.OpenRead(Path);
        Assert.Equal(["W_1.npy", "W_2.npy", "masses_1.npy", "t.npy"],
            archive.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        var (masses, w1, w2) = (Of("masses_1", "(12,)"), Of("W_1", $"({at.Length},1,12,)"),
            Of("W_2", $"({at.Length},12,1,)"));
        Assert.Equal(at.Select(k => model.SaveTimes[k]), Of("t", $"({at.Length},)"));
        foreach (var (k, save) in at.Index())
            for (var i = 0; i < model.Watched.Count; i++)
                Assert.Equal(solved.Limit!.Trajectory.Predictions[save][i], Enumerable.Range(0, 12).Sum(c =>
                    masses[c] * w2[12 * k + c] * Math.Tanh(w1[12 * k + c] * model.Watched.X[i])), 1e-12);

        double[] Of(string name, string shape)
        {
            using var stream = new MemoryStream();
            using (var entry = archive.GetEntry($"{name}.npy")!.Open()) entry.CopyTo(stream);
            var bytes = stream.ToArray();
            var header = Encoding.ASCII.GetString(bytes, 10, bytes[8] + 256 * bytes[9]);
            Assert.Contains($"'shape': {shape}, }}", header, StringComparison.Ordinal);
            return MemoryMarshal.Cast<byte, double>(bytes.AsSpan(10 + header.Length)).ToArray();
        }
    }

    [Fact]
    public void States_that_are_kept_change_no_bit_of_the_limit()
    {
        LimitSolution Solved(int states) => Small.Solve(Keeping(Small.Regression(), states, 6));
        var (without, with) = (Solved(2), Solved(4));
        Assert.Equal(without.Trained.Result.State, with.Trained.Result.State);
        Assert.Equal(without.Trajectory.Predictions, with.Trajectory.Predictions);
        Assert.Equal(without.Error, with.Error);
        Assert.Equal(2, with.Trained.Kept.Count);
    }

    [Fact]
    public void A_limit_that_stops_is_kept_where_it_stopped()
    {
        var problem = Small.TwoLayers().Problem;
        var model = Model.Build(problem with
        {
            Training = problem.Training with { Time = 2, Until = new() { Risk = 0.1 } },
            Record = problem.Record with { Saves = 8, States = 5 },
        });
        var solved = Write(new SolveStudy(), model).Limit!;
        var times = NumPyArchive.Read(Path)["t"].Values;
        Assert.Equal(solved.Stop!.Time, times[^1]);
        Assert.Equal(times, times.Distinct().Order());
        Assert.Equal(model.SaveTimes.Where((_, k) => k % 2 == 0).Where(t => t < times[^1]), times[..^1]);
    }

    [Fact]
    public void Latent_types_of_neurons_are_kept_with_them()
    {
        var problem = Small.Regression().Problem;
        var model = Model.Build(problem with
        {
            Network = problem.Network with
            {
                Embedding = new CorrelatedSpec { Latent = 1, Mean = new BilinearMean() },
            },
            Limit = problem.Limit with { Types = [new SobolSpec { Nodes = 8 }, new SobolSpec { Nodes = 4 }] },
        });
        Write(new SolveStudy(), model);
        var arrays = NumPyArchive.Read(Path);
        var start = ((ITraceable)ILimit.Of(model)).Initial;
        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal([start.Size(i), model.Embedding.TypeLaws(i).Count], arrays[$"types_{i}"].Shape);
            Assert.Equal(start.Types[i - 1].Points, arrays[$"types_{i}"].Values);
        }
        // w_2 starts at 0.5 and a product of two latents, which is of rank one.
        double W2(int c, int d) => arrays["W_2"].Values[c * 4 + d] - 0.5;
        Assert.NotEqual(0, W2(0, 0));
        Assert.Equal(W2(0, 0) * W2(1, 1), W2(0, 1) * W2(1, 0), 1e-12);
    }

    [Fact]
    public void A_density_has_the_particles_and_cells_of_its_ways()
    {
        var model = Small.TwoLayers();
        Write(new DensityStudy(), model);
        var arrays = NumPyArchive.Read(Path);
        Assert.Equal(["t", "grid", "grid_masses", "particles", "particles_masses", "jko", "jko_masses", "network",
            "network_masses"], arrays.Keys);
        var saves = model.SaveTimes.Length;
        Assert.Equal(model.SaveTimes, arrays["t"].Values);
        Assert.Equal([saves, 20, 1], arrays["network"].Shape);
        Assert.Equal([1, 20], arrays["network_masses"].Shape);
        Assert.Equal([saves, 12, 1], arrays["particles"].Shape);
        Assert.Equal([1, 24, 1], arrays["grid"].Shape);
        Assert.Equal([saves, 24], arrays["grid_masses"].Shape);
        // Each row of masses is a law.
        foreach (var (name, array) in arrays.Where(a => a.Key.EndsWith("_masses", StringComparison.Ordinal)))
            Assert.All(array.Values.Chunk(array.Shape[1]), row => Assert.True(Math.Abs(row.Sum() - 1) < 1e-9, name));
    }

    [Theory]
    [InlineData("solve", true)]
    [InlineData("couple", true)]
    [InlineData("time", true)]
    [InlineData("joint", true)]
    [InlineData("fluctuations", true)]
    [InlineData("step", false)]
    public void Every_study_of_one_limit_keeps_its_neurons(string name, bool has)
    {
        var study = Catalogue.Find<IStudy>(name);
        Write(study, Small.For(study));
        Assert.Equal(has, File.Exists(Path));
        if (has) Assert.Equal([2, 64, 8], NumPyArchive.Read(Path)["W_2"].Shape);
    }

    [Fact]
    public void The_last_state_of_a_run_that_failed_has_names()
    {
        double[] state = [.. Enumerable.Range(0, 2 * 3 + 3 + 3 + 1).Select(n => (double)n)];
        var run = new RunResult { Status = RunStatus.NonFinite, Time = 0.25, State = state, Steps = 1, Refused = 0 };
        var of = LastState.Of(new("the limit", run) { Sizes = [2, 3, 1] }, BiasMode.Trained);
        Assert.Equal(["t", "W_1", "b_1", "W_2", "b_2"], of.Keys);
        Assert.Equal([0.25], of["t"].Values);
        Assert.Equal([2, 3], of["W_1"].Shape);
        Assert.Equal([6, 7, 8], of["b_1"].Values);
        Assert.Equal([9, 10, 11], of["W_2"].Values);
        var plain = LastState.Of(new("a law", run), BiasMode.Trained);
        Assert.Equal(state, plain["state"].Values);
    }
}
