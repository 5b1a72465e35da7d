namespace MeanFieldLimit.Validation.Studies.Statics;

/// <summary>Networks of one width: the best ones, and sampled ones.</summary>
internal sealed record StaticsWidth(NetworkMinima Networks, SampledNetworks Sampled)
{
    internal int Width => Networks.Width;

    internal double Best => Networks.Values.Min();
}

/// <summary>What is made of the infimum, of networks and of what lies between them.</summary>
internal static class StaticsResult
{
    internal static StudyResult Of(LawsOfNeurons laws, SparseMinimum infimum, IReadOnlyList<StaticsWidth> widths,
        Interpolation path)
    {
        var constant = laws.IsQuadratic ? SampledNetworks.Constant(laws, infimum) : double.NaN;
        // Against a lower bound of the infimum.
        double Above(StaticsWidth w) => w.Best - (infimum.Value - infimum.Gap);
        var below = widths.All(w => Above(w) <= constant / w.Width);
        var (mixture, displacement) = (Interpolation.AboveChord(path.Mixture),
            Interpolation.AboveChord(path.Displacement));
        var headline = $"The infimum of the risk over laws of neurons is {infimum.Value:G12}, with a duality gap of " +
            $"{LimitText.Short(infimum.Gap)}, at {infimum.Masses.Length} atoms. " +
            (laws.IsQuadratic
                ? $"Networks drawn from them are C / N above it in the mean, C = {LimitText.Short(constant)}; the " +
                    $"best that were found are {(below ? "below that at every width" : "not below that at every " +
                    "width: more searches may find better ones")}."
                : $"The best network of width {widths[^1].Width} that was found is " +
                    $"{LimitText.Short(Above(widths[^1]))} " +
                    "above it.") +
            $" Between two laws the risk is {Chord(mixture, path)} along mixtures, and {Chord(displacement, path)} " +
            "along displacement.";
        return new(headline,
            [
                new("infimum", infimum.Value, infimum.Value - infimum.Gap, infimum.Value,
                    "of the risk with its penalty over laws of neurons, and what it lies between"),
                Finding.Of("duality-gap", infimum.Gap, "the most that the value found is above the infimum"),
                Finding.Of("mass", infimum.Mass, "E|a| of the minimiser"),
                Finding.Of("multiplier", infimum.Level, "what one more unit of E|a| would gain, the largest size of " +
                    "the first variation over directions"),
                Finding.Of("sampling-constant", constant, "C: networks of N neurons drawn from the minimiser are C / " +
                    "N above the infimum in the mean; exact for a quadratic loss"),
                Finding.Of("above-chord-mixture", mixture, "the most that the risk is above its chord along mixtures"),
                Finding.Of("above-chord-displacement", displacement, "the same along displacement"),
            ],
            [
                new("study-networks", ["width", "best", "above", "aboveTimesN", "bound", "sampled", "sampledError",
                    "sampledTimesN"], widths.Select(w => (object[])[w.Width, w.Best, Above(w), Above(w) * w.Width,
                        constant / w.Width, w.Sampled.Mean, w.Sampled.Error, w.Sampled.Mean * w.Width]),
                    "The best networks that were found, by their distance above the infimum, with the bound C / N, " +
                    "and the mean of networks whose neurons are drawn from the minimiser."),
                new("study-atoms", ["angle", "w1", "w2", "a", "mass"], infimum.Masses.Select((m, i) => (object[])
                    [infimum.Points[i], laws.Length * Math.Cos(infimum.Points[i]),
                        laws.Length * Math.Sin(infimum.Points[i]), Math.CopySign(infimum.Mass, m),
                        Math.Abs(m) / infimum.Mass]), "The minimiser: neurons (w, a) and their masses."),
                new("study-interpolation", ["t", "mixture", "displacement"], path.Mixture.Select((risk, k) => (object[])
                    [(double)k / Interpolation.Steps, risk, path.Displacement[k]])),
            ])
        {
            Parts = new Dictionary<string, object>
            {
                ["statics"] = new
                {
                    Infimum = infimum.Value,
                    DualityGap = infimum.Gap,
                    Atoms = infimum.Masses.Select((m, i) => new
                    {
                        Angle = infimum.Points[i],
                        Weights = new[]
                        {
                            laws.Length * Math.Cos(infimum.Points[i]), laws.Length * Math.Sin(infimum.Points[i]),
                        },
                        Outgoing = Math.CopySign(infimum.Mass, m),
                        Mass = Math.Abs(m) / infimum.Mass,
                    }),
                },
            },
            Figures =
            [
                StaticsFigures.Variation(laws, infimum),
                StaticsFigures.Widths(widths, Above, constant),
                StaticsFigures.Paths(path),
            ],
        };
    }

    /// <summary>How the risk is to its chord, but for roundings.</summary>
    private static string Chord(double above, Interpolation path) =>
        above <= 1e-13 * Math.Max(path.Mixture.Max(), path.Displacement.Max()) ? "nowhere above its chord"
            : $"above its chord by up to {LimitText.Short(above)}";
}
