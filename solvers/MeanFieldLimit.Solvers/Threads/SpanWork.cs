namespace MeanFieldLimit.Solvers.Threads;

/// <summary>A piece of work that reads two spans and writes its part of another.</summary>
public delegate void SpanWork(int piece, ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> output);

/// <summary>A map that reads one span and writes, or changes, another of its length.</summary>
public delegate void SpanMap(ReadOnlySpan<double> input, Span<double> output);
