using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>Carries one item of a list by the calls that fit it.</summary>
public delegate void ItemCarrier<T>(ref T item);

/// <summary>
/// The values of an <see cref="IResumable"/> on their way to a stream, or back: each call writes its argument or reads
/// it in place. A stream holds a mark with the format's version, the values in the machine's bytes, and the SHA-256 of
/// both.
/// </summary>
public sealed class Snapshot
{
    private const byte Version = 1;
    private const int Piece = 1 << 16;
    private static ReadOnlySpan<byte> Mark => "MFL run "u8;

    private readonly Stream stream;
    private readonly IncrementalHash? hash;     // where it writes
    private readonly long end;                  // of the values, where it reads

    private Snapshot(Stream stream, IncrementalHash? hash, long end) =>
        (this.stream, this.hash, this.end) = (stream, hash, end);

    /// <summary>Whether values are read.</summary>
    public bool Reads => hash is null;

    /// <summary>Writes <paramref name="what"/>.</summary>
    public static void Write(Stream stream, IResumable what)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var snapshot = new Snapshot(stream, hash, 0);
        snapshot.Bytes([.. Mark, Version]);
        what.Carry(snapshot);
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Reads into <paramref name="what"/>, fresh and of the same construction, the next
    /// <paramref name="length"/> bytes of a stream that can seek, or all to its end: the checksum is looked at first, so
    /// that nothing is read that was changed.</summary>
    /// <exception cref="InvalidDataException">It is no snapshot, or of another version; it was cut or changed; or it is
    /// of something else. In the last case what was read so far stays.</exception>
    public static void Read(Stream stream, IResumable what, long? length = null)
    {
        var snapshot = new Snapshot(stream, null, Check(stream, length is { } some ? stream.Position + some : stream.Length));
        what.Carry(snapshot);
        if (stream.Position != snapshot.end)
            throw new InvalidDataException("a snapshot must be of what it is read into: it holds "
                + $"{snapshot.end - stream.Position} bytes more");
        stream.Position = snapshot.end + SHA256.HashSizeInBytes;
    }

    /// <summary>A name, which must be the same when it is read.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public void Tag(string name)
    {
        var found = name;
        Carry(ref found);
        if (found != name)
            throw new InvalidDataException($"a snapshot must be of what it is read into: it is of '{found}', read into "
                + $"'{name}'");
    }

    /// <summary>A number or plain struct.</summary>
    public void Carry<T>(ref T value) where T : unmanaged => Bytes(MemoryMarshal.AsBytes(new Span<T>(ref value)));

    /// <summary>The same where a reference cannot be had: to be assigned to what it is the value of.</summary>
    public T Value<T>(T value) where T : unmanaged
    {
        Carry(ref value);
        return value;
    }

    /// <summary>A number or plain struct that may be absent.</summary>
    public void Carry<T>(ref T? value) where T : unmanaged => value = Value(value.HasValue)
        ? Value(value.GetValueOrDefault())
        : null;

    /// <summary>A text.</summary>
    public void Carry(ref string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Carry(ref bytes);
        value = Encoding.UTF8.GetString(bytes);
    }

    /// <summary>An array in place; its length must be the same when it is read.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public void Carry<T>(Span<T> values) where T : unmanaged
    {
        if (Value(values.Length) is var found && found != values.Length)
            throw new InvalidDataException("a snapshot must be of what it is read into: it has an array of length "
                + $"{found} where {values.Length} is expected");
        Items(values);
    }

    /// <summary>An array of any length.</summary>
    public void Carry<T>(ref T[] values) where T : unmanaged
    {
        var length = Length<T>(values.Length, Unsafe.SizeOf<T>());
        if (length != values.Length) values = new T[length];
        Items<T>(values);
    }

    /// <summary>A list of numbers or plain structs.</summary>
    public void Carry<T>(List<T> values) where T : unmanaged
    {
        CollectionsMarshal.SetCount(values, Length<T>(values.Count, Unsafe.SizeOf<T>()));
        Items(CollectionsMarshal.AsSpan(values));
    }

    /// <summary>A list of arrays of any length.</summary>
    public void Carry<T>(List<T[]> values) where T : unmanaged => Carry(values, (ref T[] array) =>
    {
        array ??= [];
        Carry(ref array);
    });

    /// <summary>A list of texts.</summary>
    public void Carry(List<string> values) => Carry(values, (ref string text) =>
    {
        text ??= "";
        Carry(ref text);
    });

    /// <summary>A list of anything; items that are read start as defaults.</summary>
    public void Carry<T>(List<T> values, ItemCarrier<T> item)
    {
        var count = Length<T>(values.Count, 1);
        if (Reads) values.Clear();
        CollectionsMarshal.SetCount(values, count);
        foreach (ref var value in CollectionsMarshal.AsSpan(values)) item(ref value);
    }

    private static long Check(Stream stream, long last)
    {
        var start = stream.Position;
        Span<byte> mark = stackalloc byte[Mark.Length + 1];
        var read = stream.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        if (!mark[..^1].SequenceEqual(Mark) || read < mark.Length)
            throw new InvalidDataException("a snapshot begins with its mark, this does not: it is no snapshot");
        if (mark[^1] != Version)
            throw new InvalidDataException($"the format of a snapshot must be of version {Version}, this is of "
                + $"{mark[^1]}: go on with the program that wrote it");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(mark);
        var end = last - SHA256.HashSizeInBytes;
        var piece = new byte[Piece];
        for (var left = end - stream.Position; left > 0; left -= read)
        {
            read = stream.Read(piece, 0, (int)Math.Min(left, Piece));
            hash.AppendData(piece, 0, read);
        }
        read = stream.Read(piece, 0, SHA256.HashSizeInBytes);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(piece.AsSpan(0, read)))
            throw new InvalidDataException("the checksum of a snapshot must be that of its contents, this one's is "
                + "not: it was cut or changed; take an earlier one");
        stream.Position = start + mark.Length;
        return end;
    }

    private int Length<T>(int length, int size)
    {
        Carry(ref length);
        if (Reads && !(length >= 0 && length <= (end - stream.Position) / size)) throw Ends();
        return length;
    }

    private void Items<T>(Span<T> values) where T : unmanaged
    {
        for (; values.Length > Piece; values = values[Piece..]) Bytes(MemoryMarshal.AsBytes(values[..Piece]));
        Bytes(MemoryMarshal.AsBytes(values));
    }

    private void Bytes(Span<byte> bytes)
    {
        if (hash is not null)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
            return;
        }
        if (bytes.Length > end - stream.Position) throw Ends();
        stream.ReadExactly(bytes);
    }

    private static InvalidDataException Ends() =>
        new("a snapshot must be of what it is read into: it ends before what is expected");
}
