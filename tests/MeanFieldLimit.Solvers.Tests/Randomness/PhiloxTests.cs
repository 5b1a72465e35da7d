namespace MeanFieldLimit.Solvers.Tests.Randomness;

public class PhiloxTests
{
    // The known-answer vectors of Random123 (kat_vectors, philox4x32 10), words in order of significance.
    [Theory]
    [InlineData(0ul, 0ul, 0ul, 0xe169c58d_6627e8d5, 0x9b00dbd8_bc57ac4c)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x41c83b0e_408f276d, 0x6d5451fd_a20bc7c6)]
    [InlineData(
        0x85a308d3_243f6a88, 0x03707344_13198a2e, 0x299f31d0_a4093822, 0x94fdcceb_d16cfe09, 0x24126ea1_5001e420)]
    public void Known_answers(ulong counterLow, ulong counterHigh, ulong key, ulong low, ulong high) =>
        Assert.Equal(new PhiloxBlock(low, high), Philox.Block(counterLow, counterHigh, key));

    [Theory]
    [InlineData(0ul)]
    [InlineData(0xffff_fffcul)] // the eight counters carry into the second word
    [InlineData(ulong.MaxValue - 2)] // and wrap round
    public void Eight_blocks_are_eight_single_blocks(ulong first)
    {
        const ulong High = 0x0123456789abcdef, Key = 0xfedcba9876543210;
        Philox.EightBlocks(first, High, Key, out var low, out var high);
        for (var lane = 0; lane < 8; lane++)
            Assert.Equal(Philox.Block(first + (ulong)lane, High, Key), new PhiloxBlock(low[lane], high[lane]));
    }
}
