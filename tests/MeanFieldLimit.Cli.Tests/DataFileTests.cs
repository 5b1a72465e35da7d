using System.Text.Json.Nodes;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Examples whose data does not come with the program, on random files of the same format.</summary>
public sealed class DataFileTests : IDisposable
{
    private static readonly string[] Short = ["--widths", "10,20", "--seeds", "1", "--quiet", "--out", "run"];

    private readonly Mfl mfl = new();
    private readonly Random random = new(1);

    public void Dispose() => mfl.Dispose();

    /// <summary>Twenty records in the files of CIFAR-10, two of each class.</summary>
    private void WriteCifar()
    {
        Directory.CreateDirectory(mfl.Path("data"));
        foreach (var name in (string[])[.. Enumerable.Range(1, 5).Select(k => $"data_batch_{k}.bin"), "test_batch.bin"])
            File.WriteAllBytes(mfl.Path($"data/{name}"), [.. Enumerable.Range(0, 20).SelectMany(Record)]);

        byte[] Record(int number)
        {
            var record = new byte[3073];
            random.NextBytes(record);
            record[0] = (byte)(number % 10);
            return record;
        }
    }

    [Fact]
    public void Dense_networks_train_on_files_of_CIFAR()
    {
        WriteCifar();
        string[] line = ["couple", Mfl.Example("cifar-dense.json"), "--data", "data", .. Short];
        var (code, _, errors) = mfl.Run([.. line, "--set", "training.time=0.21", "--set", "data.test=15"]);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        var report = File.ReadAllText(mfl.Path("run/report.html"));
        Assert.Contains("cifar data_batch_1.bin, ", report);
        Assert.Contains("to test on test_batch.bin, means of 2 x 2 pixels; 100 training points, 15 test points, " +
            "d = 768, K = 10", report);

        Assert.Contains("$.data.test: test must be at most 20", mfl.Run(line).Errors);
        var bytes = File.ReadAllBytes(mfl.Path("data/data_batch_3.bin"));
        File.WriteAllBytes(mfl.Path("data/data_batch_3.bin"), bytes[..^100]);
        (code, _, errors) = mfl.Run(line);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("cifar-dense.json:7: $.data.files[2]: ", errors);
        Assert.Contains("got 61360: record 19, the first being 0, starts at byte 58387 and is cut after 2973", errors);
    }

    [Fact]
    public void Convolutional_networks_train_on_two_classes_of_CIFAR()
    {
        WriteCifar();
        var problem = JsonNode.Parse(File.ReadAllText(Mfl.Example("cnn.json")))!;
        problem["data"] = JsonNode.Parse("""
            { "kind": "cifar", "files": ["data_batch_1.bin", "data_batch_2.bin"], "classes": [3, 5], "pool": 4,
              "test": 2 }
            """);
        problem["network"]!["image"] = JsonNode.Parse("""{ "channels": 3, "rows": 8, "columns": 8 }""");
        problem["network"]!["layers"]![0]!.AsObject().Remove("filter");
        problem["limit"]!["types"]![0] = JsonNode.Parse("""{ "rule": "sobol", "nodes": 64 }""");
        mfl.Write("cnn.json", problem.ToJsonString());
        var (code, _, errors) = mfl.Run(
            ["couple", "cnn.json", "--data", "data", "--set", "training.time=0.05", .. Short]);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("class 3 against 5; 6 training points, 2 test points, d = 192, K = 1",
            File.ReadAllText(mfl.Path("run/report.html")));
    }

    [Fact]
    public void Dense_networks_train_on_features_of_ten_classes()
    {
        using (var file = File.Create(mfl.Path("features.npz")))
            NumPyArchive.Write(file, new Dictionary<string, NumPyArray>
            {
                ["x_train"] = Numbers(40, 4, 128),
                ["y_train"] = new([40], [.. Enumerable.Range(0, 40).Select(n => n % 10.0)]),
                ["x_test"] = Numbers(10, 4, 128),
                ["y_test"] = new([10, 1], [.. Enumerable.Range(0, 10).Select(n => (double)n)]),
            });
        var (code, _, errors) = mfl.Run(["couple", Mfl.Example("features.json"), "--data", ".",
            "--set", "data.train=30", "--set", "data.test=5", "--set", "training.time=0.06", .. Short]);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("numpy features.npz, inputs (40, 4, 128), outputs (40,), inputsTest (10, 4, 128); classes in " +
            "the order of the outputs: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9; 30 training points, 5 test points, d = 512, " +
            "K = 10", File.ReadAllText(mfl.Path("run/report.html")));

        NumPyArray Numbers(params int[] shape) =>
            new(shape, [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(_ => random.NextDouble())]);
    }
}
