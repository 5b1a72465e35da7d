using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>Loads or generates the data of problems.</summary>
internal static class DataLoader
{
    private const long LargestFile = 2L << 30;

    /// <summary>The data that a problem asks for; sample 0 is its own, others are independent of it.</summary>
    /// <exception cref="ProblemException">A file is missing, cut short or has a wrong value.</exception>
    internal static ExperimentData Load(LoadedProblem loaded, string? folder, int sample = 0) =>
        CorruptedLabels.Of(loaded, LoadClean(loaded, folder, sample));

    private static ExperimentData LoadClean(LoadedProblem loaded, string? folder, int sample)
    {
        var problem = loaded.Problem;
        var labels = Catalogue.Find<ILoss>(problem.Training.Loss).Labels;
        switch (problem.Data)
        {
            case PointsData points:
                return Split(loaded, Rows(points.X, points.Y, labels), null, points.Masses,
                    points is { XTest: { } x, YTest: { } y } ? Rows(x, y, labels) : null);
            case CsvData csv:
                var table = Reading(loaded, folder, csv.Path, "$.data.path",
                    path => CsvTable.Read(path, new(csv.Inputs, csv.Outputs, csv.Masses), labels));
                return Split(loaded, table.Points, null, table.Masses) with { Found = table.Found };
            case IdxData idx:
                return Split(loaded, ImageLoader.Load(loaded, folder, idx), idx.Train);
            case CifarData cifar:
                var (images, tested) = ImageLoader.Load(loaded, folder, cifar);
                return Split(loaded, images, cifar.Train, apart: tested);
            case NumPyData arrays:
                var read = ArrayLoader.Load(loaded, folder, arrays, labels);
                return Split(loaded, read.Points, arrays.Train, read.Masses, read.Test) with { Found = read.Found };
            case ISuppliedData supplied:
                return Split(loaded, Supplied(loaded, supplied, folder, labels), null);
            case IGeneratedData:
                return GeneratedData.Load(loaded, sample);
            default:
                throw new NotSupportedException($"no data of kind {problem.Data.GetType().Name}");
        }
    }

    private static Dataset Supplied(LoadedProblem loaded, ISuppliedData data, string? folder, LabelKind labels)
    {
        try
        {
            return data.Supply(folder ?? loaded.Folder, labels);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw loaded.Error("$.data", $"data of kind {Names.OfKind(loaded.Problem.Data)} must be there to be " +
                $"used: {e.Message}; mend them, or name their folder with --data");
        }
    }

    private static Dataset Rows(IReadOnlyList<IReadOnlyList<double>> x, IReadOnlyList<IReadOnlyList<double>> y,
        LabelKind labels) =>
        new(x[0].Count, y[0].Count, [.. x.SelectMany(r => r)], [.. y.SelectMany(r => r)], labels);

    /// <summary>
    /// The points in the order that the seed gives them: those to train on, then those to test on. Of test points that
    /// stand <paramref name="apart"/> so many are taken, all where the number is 0.
    /// </summary>
    private static ExperimentData Split(LoadedProblem loaded, Dataset all, int? train,
        IReadOnlyList<double>? masses = null, Dataset? apart = null)
    {
        if (masses is not null) all = Weigh(loaded, all, masses);
        var test = loaded.Problem.Data.Test;
        if (apart is not null)
            return Of(First(all, train ?? all.Count, "train"), First(apart, test == 0 ? apart.Count : test, "test"));
        var kept = train ?? all.Count - test;
        if (kept < 1)
            throw loaded.Error("$.data.test",
                $"test must be below the number of points, got {test} of {all.Count}; leave one or more for training");
        if ((long)kept + test > all.Count)
            throw loaded.Error("$.data.train", $"training and test points together must be at most {all.Count}, " +
                $"got {kept} and {test}; ask for fewer");
        if (test == 0 && kept == all.Count) return Of(all, null);
        var order = Order(all.Count);
        return Of(all.Select(order[..kept]), test > 0 ? all.Select(order[kept..(kept + test)]) : null);

        int[] Order(int count)
        {
            var order = Enumerable.Range(0, count).ToArray();
            var keys = new double[count];
            Streams.Split((ulong)loaded.Problem.Seed).FillUniform(0, keys);
            Array.Sort(keys, order);
            return order;
        }

        Dataset First(Dataset points, int count, string key) => count == points.Count ? points
            : count < points.Count ? points.Select(Order(points.Count)[..count])
            : throw loaded.Error($"$.data.{key}", $"{key} must be at most {points.Count}, the number of points that " +
                $"there are, got {count}; ask for fewer");

        ExperimentData Of(Dataset training, Dataset? tested) =>
            new(training, tested, new EmpiricalSource(training), Endless: false) { SumOfMasses = masses?.Sum() };
    }

    /// <summary>
    /// The points with masses divided by their sum, those of mass 0 left out: they belong to no law, and could be
    /// neither drawn nor weighed. Masses that are all equal are the same as none.
    /// </summary>
    private static Dataset Weigh(LoadedProblem loaded, Dataset points, IReadOnlyList<double> masses)
    {
        var total = masses.Sum();
        if (!(total > 0 && double.IsFinite(total)))
            throw loaded.Error("$.data.masses", $"masses must have a positive, finite sum, got {Number.Text(total)}; " +
                "give a point a positive mass, or scale them down");
        double[] shares = [.. masses.Select(m => m / total)];
        int[] kept = [.. Enumerable.Range(0, points.Count).Where(n => shares[n] > 0)];
        var all = kept.Length == points.Count ? points : points.Select(kept);
        return new(all.Inputs, all.Outputs, all.X, all.Y, all.Labels,
            kept.All(n => shares[n] == shares[kept[0]]) ? null : [.. kept.Select(n => shares[n])]);
    }

    /// <summary>What is read of a data file, whose refusals then have the key that it is named by.</summary>
    internal static T Reading<T>(LoadedProblem loaded, string? folder, string file, string key, Func<string, T> read)
    {
        var path = Path.Combine(folder ?? loaded.Folder, file);
        if (!File.Exists(path))
            throw loaded.Error(key, $"the data file must exist, found none at {path}; name its folder with --data" +
                ImageLoader.Sources(loaded.Problem.Data));
        try
        {
            RegularFile.Check(path, LargestFile);
            return read(path);
        }
        catch (DataKeyException e)
        {
            throw loaded.Error($"$.data.{e.Key}", e.Message);
        }
        catch (Exception e) when (
            e is InvalidDataException or IOException or UnauthorizedAccessException or CsvHelper.CsvHelperException)
        {
            throw loaded.Error(key, $"{path} cannot be used: {e.Message}; mend the file, or name another one");
        }
    }
}
