using System.Text;
using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Data;

public sealed class FileTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Csv_columns_by_place_or_by_name()
    {
        var path = folder.Write("a.csv", "u,v,label\n1,2,3\n-4,5e-1,6\n"u8.ToArray());
        var plain = CsvTable.Read(path, new(Outputs: ["label"]), LabelKind.Real).Points;
        Assert.Equal([1, 2, -4, 0.5], plain.X);
        Assert.Equal([3, 6], plain.Y);
        var named = CsvTable.Read(path, new(["label"], ["v", "u"]), LabelKind.Real).Points;
        Assert.Equal([3, 6], named.X);
        Assert.Equal([2, 1, 0.5, -4], named.Y);
    }

    [Fact]
    public void What_a_refusal_says_to_write_is_taken()
    {
        folder.Write("t.csv", "u,v,y\n1,2,3\n4,5,6\n"u8.ToArray());
        ExperimentData Load(CsvData data) =>
            MeanFieldLimit.Models.DataLoader.Load(new(Problem(data), "p.json", folder.Path), null);
        string Refusal(CsvData data) => Assert.Throws<ProblemException>(() => Load(data)).Message;
        var asked = new CsvData { Path = "t.csv" };
        Assert.Contains("$.data.outputs: ", Refusal(asked), StringComparison.Ordinal);
        var named = asked with { Outputs = [Refusal(asked).Split("[\"")[1].Split("\"]")[0]] };
        Assert.Equal([3, 6], Load(named).Train.Y);
        Assert.Contains("got 2 of 2; leave one or more", Refusal(named with { Test = 2 }), StringComparison.Ordinal);
        Assert.Equal(1, Load(named with { Test = 1 }).Train.Count);
        Assert.Contains("$.data.inputs[0]: there is no column 'w' in the file, found u, v, y",
            Refusal(named with { Inputs = ["w"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_csv_column_of_masses_is_neither_of_x_nor_of_y()
    {
        folder.Write("m.csv", "u,p,v,q\n1,2,3,0.5\n-4,6,5e-1,0\n7,8,9,1.5\n"u8.ToArray());
        ExperimentData Load(DataSpec data) => MeanFieldLimit.Models.DataLoader.Load(
            new(Problem(data), "p.json", folder.Path), null);
        var csv = Load(new CsvData { Path = "m.csv", Outputs = ["v"], Masses = "q" });
        Assert.Equal("inputs u, p; outputs v; masses q; fields separated by commas", csv.Found);
        var inline = Load(new PointsData
        {
            X = [[1, 2], [-4, 6], [7, 8]],
            Y = [[3], [0.5], [9]],
            Masses = [0.5, 0, 1.5],
        });
        foreach (var data in new[] { csv, inline })
        {
            Assert.Equal([1, 2, 7, 8], data.Train.X);
            Assert.Equal([3, 9], data.Train.Y);
            Assert.Equal([0.25, 0.75], data.Train.Masses);
        }
        var named = Load(new CsvData { Path = "m.csv", Inputs = ["q"], Outputs = ["v"], Masses = "p" }).Train;
        Assert.Equal([0.5, 0, 1.5], named.X);
        Assert.Equal([2 / 16.0, 6 / 16.0, 8 / 16.0], named.Masses);

        string Refusal(string column) => Assert.Throws<ProblemException>(() =>
            Load(new CsvData { Path = "m.csv", Outputs = ["v"], Masses = column })).Message;
        Assert.Contains("no column 'w'", Refusal("w"), StringComparison.Ordinal);
        Assert.Contains("line 3: column 'u' must have masses of at least 0, got -4", Refusal("u"),
            StringComparison.Ordinal);
    }

    private static Problem Problem(DataSpec data) => new()
    {
        Data = data,
        Network = new()
        {
            Layers =
            [
                new() { Weights = new ConstantLaw { Value = 1 }, Activation = "tanh" },
                new() { Weights = new ConstantLaw { Value = 1 } },
            ],
        },
        Training = new() { Loss = "half-squared", Time = 1 },
    };

    [Theory]
    [InlineData("u,v,y\n0.1,0.2,0.3\n", "commas")]
    [InlineData("u;v;y\n0.1;0.2;0.3\n", "semicolons")]
    [InlineData("u\tv\ty\n0.1\t0.2\t0.3\n", "tabs")]
    [InlineData("\"u,1,2,3\";v;y\n0.1;0.2;0.3\n", "semicolons")]
    public void The_separator_is_found_and_said(string text, string name)
    {
        var table = CsvTable.Read(folder.Write("a.csv", Encoding.UTF8.GetBytes(text)), new(Outputs: ["y"]), LabelKind.Real);
        Assert.Equal([0.1, 0.2, 0.3], table.Points.X.Concat(table.Points.Y));
        Assert.EndsWith($"; outputs y; fields separated by {name}", table.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_in_utf_16_is_read_where_it_says_so()
    {
        byte[] marked = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("u\ty\n1\t2\n")];
        var data = CsvTable.Read(folder.Write("a.csv", marked), new(), LabelKind.Real).Points;
        Assert.Equal([1, 2], data.X.Concat(data.Y));
    }

    [Theory]
    [InlineData("0,1,1,0", LabelKind.Signs, "-1,1,1,-1", "class 0 is -1, class 1 is +1")]
    [InlineData("2,1.0,1,10", LabelKind.OneHot, "0,1,0,1,0,0,1,0,0,0,0,1",
        "classes in the order of the outputs: 1, 2, 10")]
    [InlineData("-1,1,+1,-1", LabelKind.Signs, "-1,1,1,-1", null)]
    [InlineData("1,1", LabelKind.Signs, "1,1", null)]
    [InlineData("cat,dog,cat", LabelKind.Signs, "-1,1,-1", "class cat is -1, class dog is +1")]
    [InlineData("2,0,1", LabelKind.OneHot, "0,0,1,1,0,0,0,1,0", "classes in the order of the outputs: 0, 1, 2")]
    [InlineData("b,a", LabelKind.OneHot, "0,1,1,0", "classes in the order of the outputs: a, b")]
    public void Classes_in_one_column_become_the_labels_of_the_loss(string column, LabelKind kind, string expected,
        string? mapping)
    {
        var lines = string.Concat(column.Split(',').Select(label => $"7,{label}\n"));
        var table = CsvTable.Read(folder.Write("a.csv", Encoding.UTF8.GetBytes("x,class\n" + lines)), new(), kind);
        Assert.Equal(expected, string.Join(',', table.Points.Y));
        Assert.Equal(column.Split(',').Length, table.Points.Count);
        Assert.Equal("inputs x; outputs class; fields separated by commas" + (mapping is null ? "" : $"; {mapping}"),
            table.Found);
    }

    [Theory]
    [InlineData("0,1,2", LabelKind.Signs, "two classes for the loss logistic, got 3: 0, 1, 2")]
    [InlineData("0,0", LabelKind.Signs, "got 1: 0")]
    [InlineData("0,0", LabelKind.OneHot, "2 to 1000 classes, got 1")]
    [InlineData("0.5,1", LabelKind.Signs, "whole numbers or names, got the number 0.5")]
    [InlineData("a,,b", LabelKind.OneHot, "a class in every line")]
    public void Classes_that_do_not_suit_the_loss_are_refused(string column, LabelKind kind, string fragment)
    {
        var lines = string.Concat(column.Split(',').Select(label => $"7,{label}\n"));
        Assert.Contains(fragment, Assert.Throws<InvalidDataException>(() => CsvTable.Read(
            folder.Write("a.csv", Encoding.UTF8.GetBytes("x,class\n" + lines)), new(), kind)).Message);
    }

    [Fact]
    public void Bytes_that_are_not_utf_8_are_refused_by_name()
    {
        string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() =>
            CsvTable.Read(folder.Write("a.csv", bytes), new(), LabelKind.Real)).Message;
        Assert.Contains("must be UTF-8", Refusal([.. "u,y\n1,2\n3,"u8, 0xE9, .. "\n"u8]));
        Assert.Contains("found UTF-16", Refusal(Encoding.Unicode.GetBytes("u,y\n1,2\n")));
    }

    [Theory]
    [InlineData("a,b\n1,1e-400\n", "line 2: column 'b' must be 0 or a number that is not read as 0, got '1e-400'")]
    [InlineData("a;b\n1;2\n0,5;1\n", "got '0,5', a comma in place of the decimal point")]
    [InlineData("a;b\n1;2\n3\n", "got 1 (fields separated by semicolons)")]
    [InlineData("a|b\n1|2\n", "separated by commas, semicolons or tabs")]
    [InlineData("a,b\n1,2\n3,x\n", "line 3: column 'b'")]
    [InlineData("a,b\n1,NaN\n", "line 2: column 'b'")]
    [InlineData("a,b\n1,2\n3\n", "line 3: 2 fields are needed, got 1")]
    [InlineData("a,b\n", "no line of data")]
    [InlineData("a\n1\n", "line 1")]
    [InlineData("1,2\n3,4\n", "a header line with names is needed")]
    [InlineData("a,a,y\n1,2,3\n", "'a' stands there 2 times")]
    [InlineData("", "line 1")]
    public void Broken_csv_files_are_refused_with_the_line(string text, string fragment) =>
        Assert.Contains(fragment, Assert.Throws<InvalidDataException>(() =>
            CsvTable.Read(folder.Write("b.csv", Encoding.UTF8.GetBytes(text)), new(), LabelKind.Real)).Message);
}
