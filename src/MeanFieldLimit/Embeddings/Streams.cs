namespace MeanFieldLimit.Embeddings;

/// <summary>Which stream of a seed serves which draws: two kinds of draw never share one.</summary>
public static class Streams
{
    /// <summary>Initial weights of layer i; the draw of w_i(c, c') has the index c 2^32 + c'.</summary>
    public static RandomStream Weights(ulong seed, int layer) => new(seed, Kind(1, layer));

    /// <summary>Initial biases of layer i; the draw of b_i(c) has the index c.</summary>
    public static RandomStream Biases(ulong seed, int layer) => new(seed, Kind(2, layer));

    /// <summary>Nodes of the types of layer i in a randomisation; of layer 0 those of generated inputs.</summary>
    public static RandomStream Types(ulong seed, int layer, int randomisation) =>
        new(seed, Kind(3, layer) + ((ulong)randomisation << 24));

    /// <summary>The points that SGD batches are made of.</summary>
    public static RandomStream Batches(ulong seed) => new(seed, Kind(4, 0));

    /// <summary>Points of generated data: 2 k for the training, 2 k + 1 for the test points of sample k.</summary>
    public static RandomStream Points(ulong seed, int sample) => new(seed, Kind(5, sample));

    /// <summary>Order in which a data set is split into training and test points.</summary>
    public static RandomStream Split(ulong seed) => new(seed, Kind(6, 0));

    /// <summary>Parameters of a teacher network: part 0 its inner, part 1 its outer weights.</summary>
    public static RandomStream Teacher(ulong seed, int part) => new(seed, Kind(7, part));

    /// <summary>Resampling for confidence intervals.</summary>
    public static RandomStream Bootstrap(ulong seed) => new(seed, Kind(8, 0));

    /// <summary>The seed of replicate number <paramref name="replicate"/> of a model.</summary>
    public static ulong SeedOf(ulong seed, int replicate) =>
        new RandomStream(seed, Kind(9, 0)).Bits((ulong)replicate);

    /// <summary>The seed of the Brownian paths of a limit's own neurons, beside those of a seed's tracers.</summary>
    public static ulong HostPaths(ulong seed) => Named(seed, 1);

    /// <summary>The same of another limit, to compare with.</summary>
    public static ulong OtherHostPaths(ulong seed) => Named(seed, 2);

    /// <summary>The seed of independent draws from the law of a limit.</summary>
    public static ulong Draws(ulong seed) => Named(seed, 3);

    /// <summary>Latent coordinates of neurons of layer i; that of coordinate k of c has the index c 2^32 + k.</summary>
    public static RandomStream Latents(ulong seed, int layer) => new(seed, Kind(10, layer));

    /// <summary>
    /// Random features of the mean of w_i at a tap: part 0 those of its source, part 1 those of its target.
    /// </summary>
    public static RandomStream Features(ulong seed, int layer, int part, int tap = 0) =>
        new(seed, Kind(11, 2 * layer + part) + ((ulong)tap << 24));

    /// <summary>The initial function of a limit that starts as a Gaussian process, [output 2^32 + axis].</summary>
    public static RandomStream InitialFunction(ulong seed) => new(seed, Kind(13, 0));

    /// <summary>Brownian paths, [particle, noise]; it is divided further.</summary>
    public static RandomStream Brownian(ulong seed) => new(seed, Kind(12, 0));

    /// <summary>Starts of searches for the best network of a width; it is divided further, by restart.</summary>
    public static RandomStream Starts(ulong seed, int width) => new(seed, Kind(14, width));

    /// <summary>Paths of SGD at a minimum on batches of a size; it is divided further, by path.</summary>
    public static RandomStream Stability(ulong seed, int batch) => new(seed, Kind(15, batch));

    /// <summary>Random vectors that eigenvalues are sought from; it is divided further.</summary>
    public static RandomStream Krylov(ulong seed) => new(seed, Kind(16, 0));

    /// <summary>White noise over the types of layer i; it is divided further, by draw.</summary>
    public static RandomStream MassNoise(ulong seed, int layer) => new(seed, Kind(16, layer));

    /// <summary>Corrupted labels: part 0 which points have one, part 1 their classes.</summary>
    public static RandomStream Corruption(ulong seed, int part) => new(seed, Kind(17, part));

    /// <summary>White noise in time of the masses of the data; it is divided further, by draw.</summary>
    public static RandomStream StepNoise(ulong seed) => new(seed, Kind(18, 0));

    /// <summary>Nodes of layer i of ensembles whose middle weights get noise; it is divided further, by draw.</summary>
    public static RandomStream MatchedTypes(ulong seed, int layer) => new(seed, Kind(19, layer));

    /// <summary>That noise of w_i; it is divided further, by draw.</summary>
    public static RandomStream MatchedNoise(ulong seed, int layer) => new(seed, Kind(21, layer));

    // Beyond the numbers of all replicates.
    private static ulong Named(ulong seed, ulong purpose) => new RandomStream(seed, Kind(9, 0)).Bits(0 - purpose);

    private static ulong Kind(ulong kind, int part) => (kind << 56) | (uint)part;
}
