namespace MeanFieldLimit.Solvers.Threads;

/// <summary>A piece of work that reads two spans and writes its part of another.</summary>
public delegate void SpanWork(int piece, ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> output);

/// <summary>A map of entries from a first one on: the ranges of a span that is read, or empty, and of one that is
/// written.</summary>
public delegate void RangeMap(int first, ReadOnlySpan<double> input, Span<double> output);

/// <summary>A map that reads one span and writes, or changes, another of its length.</summary>
public delegate void SpanMap(ReadOnlySpan<double> input, Span<double> output);
