using System.IO.Compression;
using MeanFieldLimit.Problems;
using static MeanFieldLimit.Tests.Data.NumPyTests;

namespace MeanFieldLimit.Tests.Data;

public sealed class NumPyDataTests : IDisposable
{
    private static readonly NumPyData Archive = new() { Path = "d.npz", Inputs = "X", Outputs = "y" };

    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_archive_and_files_make_the_same_points()
    {
        byte[] x = Npy("<f4", "(2, 3)", [.. Enumerable.Repeat((byte)0, 24)]), y = Npy("<f8", "(2,)", Doubles(1, -1));
        folder.Write("d.npz", Zip(CompressionLevel.Optimal, ("X.npy", x), ("y.npy", y)));
        folder.Write("x.npy", x);
        folder.Write("y.npy", y);
        foreach (var data in new[] { Archive, new() { Inputs = "x.npy", Outputs = "y.npy" } })
        {
            var loaded = folder.Load(data);
            Assert.Equal((2, 3, 1), (loaded.Train.Count, loaded.Train.Inputs, loaded.Train.Outputs));
            Assert.Equal([1, -1], loaded.Train.Y);
            Assert.Equal("inputs (2, 3), outputs (2,)", loaded.Found);
        }
    }

    [Fact]
    public void Further_dimensions_are_coordinates_of_the_point()
    {
        folder.Write("d.npz", Zip(CompressionLevel.Optimal,
            ("X.npy", Npy("<f8", "(2, 1, 2)", Doubles(1, 2, 3, 4), fortran: true)),
            ("y.npy", Npy("<f8", "(2, 2)", Doubles(5, 6, 7, 8))), ("p.npy", Npy("|u1", "(2,)", [1, 3]))));
        var data = folder.Load(Archive with { Masses = "p" });
        Assert.Equal([1, 3, 2, 4], data.Train.X);
        Assert.Equal([6, 8], [data.Train.Label(0)[1], data.Train.Label(1)[1]]);
        Assert.Equal([0.25, 0.75], data.Train.Masses);
    }

    [Theory]
    [InlineData("softmax-cross-entropy", "0,1,0,0,0,1,1,0,0", "classes in the order of the outputs: 0, 1, 2")]
    [InlineData("half-squared", "1,2,0", null)]
    public void Whole_numbers_are_classes_where_the_loss_has_them(string loss, string expected, string? mapping)
    {
        folder.Write("d.npz", Zip(CompressionLevel.Optimal, ("X.npy", Npy("|i1", "(3,)", [1, 2, 3])),
            ("y.npy", Npy("<i8", "(3, 1)", [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, .. new byte[8]]))));
        var data = folder.Load(Archive, loss);
        Assert.Equal(expected, string.Join(',', data.Train.Y));
        Assert.Equal("inputs (3,), outputs (3, 1)" + (mapping is null ? "" : $"; {mapping}"), data.Found);
        Assert.Contains("outputs must have two classes for the loss logistic, got 3",
            folder.Refusal(Archive, "logistic"), StringComparison.Ordinal);
    }

    /// <summary>Classes are those of both files: the test file has one that training points lack.</summary>
    [Fact]
    public void Test_arrays_are_coded_as_the_training_arrays_and_as_many_are_taken_as_are_asked_for()
    {
        folder.Write("f.npz", Zip(CompressionLevel.Optimal,
            ("x_train.npy", Npy("<f4", "(3, 1, 1, 2)", [.. Enumerable.Repeat((byte)0, 24)])),
            ("y_train.npy", Npy("<i8", "(3, 1)", [7, .. new byte[7], 0, .. new byte[7], 7, .. new byte[7]])),
            ("x_test.npy", Npy("<f8", "(2, 2)", Doubles(1, 2, 3, 4), fortran: true)),
            ("y_test.npy", Npy("|u1", "(2,)", [9, 0])), ("one.npy", Npy("<f8", "(2, 1)", Doubles(1, 2)))));
        var data = new NumPyData
        {
            Path = "f.npz",
            Inputs = "x_train",
            Outputs = "y_train",
            InputsTest = "x_test",
            OutputsTest = "y_test",
        };
        var all = folder.Load(data, "softmax-cross-entropy");
        Assert.Equal("0,1,0,1,0,0,0,1,0", string.Join(',', all.Train.Y));
        Assert.Equal("0,0,1,1,0,0", string.Join(',', all.Test!.Y));
        Assert.Equal([1, 3, 2, 4], all.Test.X);
        Assert.Equal("inputs (3, 1, 1, 2), outputs (3, 1), inputsTest (2, 2); classes in the order of the outputs: " +
            "0, 7, 9", all.Found);
        var some = folder.Load(data with { Train = 2, Test = 1 }, "softmax-cross-entropy");
        Assert.Equal((2, 1), (some.Train.Count, some.Test!.Count));
        folder.Refused(data with { Train = 4 }, "$.data.train: train must be at most 3");
        folder.Refused(data with { Test = 3 }, "$.data.test: test must be at most 2");
        folder.Refused(data with { InputsTest = "one" },
            "$.data.inputsTest: inputsTest must have as many numbers per point as those to train on, got 1 for 2");
        folder.Refused(data with { OutputsTest = "y_train" },
            "$.data.outputsTest: outputsTest must have one entry per point of inputsTest, got 3 for 2");
    }

    [Fact]
    public void Arrays_that_do_not_suit_are_refused_with_key_and_remedy()
    {
        byte[] x = Npy("<f8", "(2, 2)", Doubles(1, 2, double.NaN, 4)), y = Npy("|u1", "(2,)", [1, 0]);
        folder.Write("d.npz", Zip(CompressionLevel.Optimal, ("X.npy", x), ("y.npy", y),
            ("three.npy", Npy("|u1", "(3,)", [1, 0, 1])),
            ("none.npy", Npy("|u1", "(0, 2)", [])), ("one.npy", Npy("|u1", "()", [1])),
            ("minus.npy", Npy("|i1", "(2,)", [1, 0xFF])), ("wide.npy", Npy("|u1", "(2, 2)", [1, 1, 1, 1]))));
        folder.Refused(Archive, "$.data.inputs: inputs must be finite, got NaN at [1, 0]; leave the point out");
        folder.Refused(Archive with { Inputs = "Z" }, "$.data.inputs: there is no array 'Z'", "found X, y, three, none",
            "name one of these");
        folder.Refused(Archive with { Inputs = "y", Outputs = "three" }, "$.data.outputs: ", "got 3 for 2");
        folder.Refused(Archive with { Inputs = "none" }, "$.data.inputs: ", "got the shape (0, 2)");
        folder.Refused(Archive with { Inputs = "one" }, "got the shape ()");
        folder.Refused(Archive with { Inputs = "y", Masses = "minus" }, "$.data.masses: ",
            "not negative, got -1 at [1]");
        folder.Refused(Archive with { Inputs = "y", Masses = "wide" }, "$.data.masses: ", "one number per point");
        folder.Refused(Archive with { Path = "e.npz" }, "$.data.path: the data file must exist");
        folder.Write("x.npy", x);
        folder.Refused(new NumPyData { Path = "x.npy", Inputs = "x", Outputs = "y" }, "$.data.path: ",
            "a .npy file is named without a path");
        folder.Refused(new NumPyData { Inputs = "d.npz", Outputs = "x.npy" }, "$.data.inputs: ", "this file with 504B");
        folder.Write("y.npy", y[..^1]);
        folder.Refused(new NumPyData { Inputs = "x.npy", Outputs = "y.npy" }, "$.data.outputs: ",
            "truncated: (2,) values of type |u1 end at byte");
    }
}
