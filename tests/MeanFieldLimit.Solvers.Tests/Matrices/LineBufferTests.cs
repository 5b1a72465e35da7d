using System.Runtime.InteropServices;

namespace MeanFieldLimit.Solvers.Tests.Matrices;

public class LineBufferTests
{
    [Fact]
    public void It_begins_with_a_cache_line_and_has_its_whole_length()
    {
        for (var count = 1; count < 200; count++)
        {
            // What lies between them moves where the next one begins.
            var between = GC.AllocateArray<byte>(8 * (count % 13), pinned: true);
            var buffer = new LineBuffer(count);
            buffer.Span.Fill(count);
            Assert.Equal(count, buffer.Length);
            Assert.Equal(count, buffer.Span.Length);
            Assert.Equal(0, buffer.Address % (LineBuffer.Line * sizeof(double)));
            Assert.Equal(count, BitConverter.Int64BitsToDouble(Marshal.ReadInt64(buffer.Address)));
            GC.KeepAlive(between);
            GC.KeepAlive(buffer);
        }
    }
}
