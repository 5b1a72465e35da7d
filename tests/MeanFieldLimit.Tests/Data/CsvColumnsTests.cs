using MeanFieldLimit.Data;

namespace MeanFieldLimit.Tests.Data;

public class CsvColumnsTests
{
    [Theory]
    [InlineData("u,y", null, null, null, "inputs u; outputs y")]
    [InlineData("u,p,y", null, null, "p", "inputs u; outputs y; masses p")]
    [InlineData("y,u,v", "u,v", null, null, "inputs u, v; outputs y")]
    [InlineData("u,v,y,z", null, "y,z", null, "inputs u, v; outputs y, z")]
    [InlineData("u,v,y,z", "u", "y", null, "inputs u; outputs y")]
    [InlineData("a,b,c,d,e,f,g,h,i,y", null, "y", null, "inputs a, b, c, d, e, f, g, h, ... (9 in all); outputs y")]
    public void Columns_that_can_be_meant_in_one_way_are_taken_and_said(string header, string? inputs, string? outputs,
        string? masses, string expected) =>
        Assert.Equal(expected, $"{Columns(inputs, outputs, masses).In(header.Split(','))}");

    [Theory]
    [InlineData("u,y,z", null, null, null, "outputs", "found u, y, z; write \"outputs\": [\"z\"]")]
    [InlineData("u,v,p,y", null, null, "p", "outputs", "found u, v, y; write \"outputs\": [\"y\"]")]
    [InlineData("u,y,z", "u", null, null, "outputs", "found y, z; write \"outputs\": [\"z\"]")]
    [InlineData("u,y", "u,y", null, null, "outputs", "a column must be left for the outputs, the file has u, y")]
    [InlineData("u,p", null, null, "p", "outputs", "a column must be left for the outputs")]
    [InlineData("y,z", null, "z,y", null, "inputs", "a column must be left for the inputs")]
    [InlineData("u,y", "u,w", "y", null, "inputs[1]", "no column 'w' in the file, found u, y; name one of these")]
    [InlineData("u,y", null, "Y", null, "outputs[0]", "no column 'Y'")]
    public void Columns_that_could_be_meant_otherwise_are_to_be_named(string header, string? inputs, string? outputs,
        string? masses, string key, string fragment)
    {
        var refusal = Assert.Throws<DataKeyException>(() => Columns(inputs, outputs, masses).In(header.Split(',')));
        Assert.Equal(key, refusal.Key);
        Assert.Contains(fragment, refusal.Message, StringComparison.Ordinal);
    }

    private static CsvColumns Columns(string? inputs, string? outputs, string? masses) =>
        new(inputs?.Split(','), outputs?.Split(','), masses);
}
