using System.Text;
using System.Text.Json;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Problems;

/// <summary>Reads JSON text, with comments and trailing commas, into a tree of located values.</summary>
internal ref struct JsonTreeReader(string file, ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private Utf8JsonReader _json = new(utf8, new JsonReaderOptions
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    });
    private Located? _root, _current;
    private string? _name;
    private int _nameLine, _counted, _line = 1;

    /// <exception cref="ProblemException">The text is not JSON, a key is given twice, a number overflows.</exception>
    internal static Located Read(string file, ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (TextEncoding.OtherThanUtf8(utf8) is { } encoding)
            throw new ProblemException(file, 1, "$", $"the file must be UTF-8, found {encoding}; save it as UTF-8");
        var reader = new JsonTreeReader(file, utf8);
        try
        {
            while (reader._json.Read()) reader.Take();
        }
        catch (JsonException e)
        {
            throw reader.Syntax(e);
        }
        return reader._root!;
    }

    private void Take()
    {
        var start = (int)_json.TokenStartIndex;
        _line += _utf8[_counted..start].Count((byte)'\n');
        _counted = start;
        switch (_json.TokenType)
        {
            case JsonTokenType.PropertyName:
                _name = Text();
                _nameLine = _line;
                if (_current![_name] is { } first)
                    throw Error(
                        $"key '{Located.Short(_name)}' must be given once, " +
                        $"found it again after line {first.NameLine}; keep one of them");
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _current = _current!.Parent;
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                _current = Add("");
                break;
            case JsonTokenType.String:
                Add(Text());
                break;
            default:
                var value = Add(Encoding.UTF8.GetString(_json.ValueSpan));
                if (value.Kind == JsonTokenType.Number && Refuse(value.Text, _json.GetDouble()) is { } rule)
                    throw new ProblemException(file, _line, value.Path, $"{value.Key} must be {rule} in size");
                break;
        }
    }

    private static string? Refuse(string text, double number) => !double.IsFinite(number)
        ? $"a finite number, got {Located.Short(text)}, which overflows; use a number below 1.8e308"
        : NumberText.Vanishes(text, number)
            ? $"0 or a number that is not read as 0, got {Located.Short(text)}; use 0, or a number above 4.9e-324"
            : null;

    private Located Add(string text)
    {
        var value = new Located(_json.TokenType, text, _line, _current, _name, _nameLine);
        _name = null;
        _current?.Items.Add(value);
        _root ??= value;
        return value;
    }

    private readonly string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Error("text must be valid Unicode, found a broken character; save the file as UTF-8", e);
        }
    }

    private readonly ProblemException Syntax(JsonException e)
    {
        var line = (int)(e.LineNumber ?? 0) + 1;
        if (string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(_utf8)))
            return Error("the file must hold a problem, found it empty; write one or start from an example", e, 1);
        var word = WordAt(line, (int)(e.BytePositionInLine ?? 0));
        if (word.Trim('-', '+').ToLowerInvariant() is "nan" or "inf" or "infinity")
            return Error($"numbers must be finite, got {word}; JSON has no such number: write a finite one", e, line);
        var reason = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
        return Error($"must be valid JSON: {reason}; mend the syntax here or just before", e, line);
    }

    private readonly ProblemException Error(string rule, Exception? inner = null, int? line = null)
    {
        var path = (_current?.Path ?? "$") + (_name is null ? "" : Located.Segment(_name));
        if (_current is { Kind: JsonTokenType.StartArray }) path += $"[{_current.Items.Count}]";
        return new ProblemException(file, line ?? _line, path, rule, inner);
    }

    // The letters and signs around a byte: the reader stops at the N of NaN, but after the - of -Infinity.
    private readonly string WordAt(int line, int column)
    {
        var start = 0;
        for (var i = 1; i < line; i++) start += _utf8[start..].IndexOf((byte)'\n') + 1;
        int low = Math.Min(start + column, _utf8.Length), high = low;
        while (low > 0 && IsWord(_utf8[low - 1])) low--;
        while (high < _utf8.Length && IsWord(_utf8[high])) high++;
        return Encoding.UTF8.GetString(_utf8[low..high]);
    }

    private static bool IsWord(byte b) => char.IsAsciiLetter((char)b) || b is (byte)'-' or (byte)'+';
}
