namespace MeanFieldLimit.Embeddings.Means;

/// <summary>g_i(c_{i-1}, c_i): the mean of a weight given both types, up to factor and constant of a layer.</summary>
internal interface IMeanFunction
{
    /// <summary>g(c, c'), finite; c is the type of the source in layer i-1, c' that of the target in layer i.</summary>
    double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target);
}

/// <summary>
/// Where the p latents of the weights between two layers stand in types: those of the source for what goes out of it
/// from one index on, those of the target for what comes in from another on.
/// </summary>
internal readonly record struct LatentPlaces(int Outgoing, int Incoming, int Count)
{
    /// <summary>out(c), of length p.</summary>
    public ReadOnlySpan<double> Of(ReadOnlySpan<double> source) => source.Slice(Outgoing, Count);

    /// <summary>in(c'), of length p.</summary>
    public ReadOnlySpan<double> To(ReadOnlySpan<double> target) => target.Slice(Incoming, Count);
}
