namespace MeanFieldLimit.Solvers.Threads;

/// <summary>A piece of work that reads one span and writes its part of another.</summary>
public delegate void SpanWork(int piece, ReadOnlySpan<double> input, Span<double> output);
