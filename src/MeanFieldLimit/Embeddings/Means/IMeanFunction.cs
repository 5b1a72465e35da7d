namespace MeanFieldLimit.Embeddings.Means;

/// <summary>g_i(c_{i-1}, c_i): the mean of a weight given both types, up to factor and constant of a layer.</summary>
internal interface IMeanFunction
{
    /// <summary>g(c, c'), finite; c is the type of the source in layer i-1, c' that of the target in layer i.</summary>
    double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target);
}

/// <summary>
/// Where the types of two neighbouring layers hold the latent coordinates of the weights between them: those that
/// the source has for its outgoing weights, and those that the target has for its incoming ones, equally many.
/// </summary>
/// <param name="Outgoing">Index of the first one in the type of the source.</param>
/// <param name="Incoming">Index of the first one in the type of the target.</param>
/// <param name="Count">How many there are, p.</param>
internal readonly record struct LatentPlaces(int Outgoing, int Incoming, int Count)
{
    /// <summary>out(c), of length p.</summary>
    public ReadOnlySpan<double> Of(ReadOnlySpan<double> source) => source.Slice(Outgoing, Count);

    /// <summary>in(c'), of length p.</summary>
    public ReadOnlySpan<double> To(ReadOnlySpan<double> target) => target.Slice(Incoming, Count);
}
