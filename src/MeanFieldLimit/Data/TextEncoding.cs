namespace MeanFieldLimit.Data;

/// <summary>What a text that is not UTF-8 is, as far as its first bytes tell.</summary>
internal static class TextEncoding
{
    /// <summary>The name of the encoding, or null where the text may be UTF-8.</summary>
    internal static string? OtherThanUtf8(ReadOnlySpan<byte> text) => text switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32 (by its byte order mark)",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16 (by its byte order mark)",
        // What a text starts with is ASCII: in UTF-16 every other byte of that is 0.
        [0, not 0, ..] or [not 0, 0, ..] => "UTF-16 (by the zeros in it)",
        _ => null,
    };
}
