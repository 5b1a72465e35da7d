using System.Text.Json.Serialization;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>A problem file: the data, the network, its training, its limit, what is recorded and compared.</summary>
public sealed record Problem
{
    [JsonPropertyName("$schema")] public string? Schema { get; init; }
    public string Name { get; init; } = "problem";
    public string? Description { get; init; }
    public long Seed { get; init; } = 1;
    public required DataSpec Data { get; init; }
    public required NetworkSpec Network { get; init; }
    public required TrainingSpec Training { get; init; }
    public LimitSpec Limit { get; init; } = new();
    public RecordSpec Record { get; init; } = new();
    public CoupleSpec Couple { get; init; } = new();
}

/// <summary>The network: its layers 1..L, the last one being the output layer.</summary>
public sealed record NetworkSpec
{
    public required IReadOnlyList<LayerSpec> Layers { get; init; }
    public BiasMode Biases { get; init; } = BiasMode.None;
}

/// <summary>Layer i: the law of its incoming weights w_i, of its biases b_i, and its activation s_i.</summary>
public sealed record LayerSpec
{
    public required LawSpec Weights { get; init; }
    public LawSpec? Bias { get; init; }
    public string? Activation { get; init; }    // required for hidden layers, "identity" where absent at the output
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "law")]
[JsonDerivedType(typeof(GaussianLaw), "gaussian")]
[JsonDerivedType(typeof(UniformLaw), "uniform")]
[JsonDerivedType(typeof(RademacherLaw), "rademacher")]
[JsonDerivedType(typeof(ConstantLaw), "constant")]
public abstract record LawSpec;
public sealed record GaussianLaw : LawSpec { public double Mean { get; init; } public required double Std { get; init; } }
public sealed record UniformLaw : LawSpec { public required double Low { get; init; } public required double High { get; init; } }
public sealed record RademacherLaw : LawSpec { public double Mean { get; init; } public double Scale { get; init; } = 1; }
public sealed record ConstantLaw : LawSpec { public required double Value { get; init; } }

/// <summary>How finite networks are trained, in the time of the limit (SGD: t = step count times step).</summary>
public sealed record TrainingSpec
{
    public required string Loss { get; init; }
    public required double Time { get; init; }
    public Dynamics Dynamics { get; init; } = Dynamics.Flow;
    public double? Step { get; init; }           // sgd: eps; a method without error estimate: its fixed step
    public int? Batch { get; init; }             // sgd: points per step
    public string Method { get; init; } = "dormand-prince";
    public double Tolerance { get; init; } = 1e-5;
}

/// <summary>Gradient flow on the whole data, or SGD on sampled batches.</summary>
public enum Dynamics { Flow, Sgd }

/// <summary>How the limit is discretised and solved.</summary>
public sealed record LimitSpec
{
    public IReadOnlyList<RuleSpec>? Types { get; init; }   // one per hidden layer
    public Dynamics Dynamics { get; init; } = Dynamics.Flow;   // sgd: step, batches and data of training
    public string Method { get; init; } = "dormand-prince";
    public double Tolerance { get; init; } = 1e-8;
    public double? Step { get; init; }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "rule")]
[JsonDerivedType(typeof(GaussRule), "gauss")]
[JsonDerivedType(typeof(MonteCarloRule), "monte-carlo")]
[JsonDerivedType(typeof(SobolRule), "sobol")]
public abstract record RuleSpec;
public sealed record GaussRule : RuleSpec { public required int Nodes { get; init; } public IReadOnlyList<int>? PerCoordinate { get; init; } }
public sealed record MonteCarloRule : RuleSpec { public required int Nodes { get; init; } }
public sealed record SobolRule : RuleSpec { public required int Nodes { get; init; } }

/// <summary>What is recorded: save times in [0, T] (0 and T always) and at most so many data points.</summary>
public sealed record RecordSpec
{
    public int Saves { get; init; } = 12;        // intervals between saves
    public Spacing Spacing { get; init; } = Spacing.Linear;
    public int Points { get; init; } = 2000;
}

/// <summary>Spacing of the save times.</summary>
public enum Spacing { Linear, Logarithmic }

/// <summary>Which finite networks are coupled to the limit.</summary>
public sealed record CoupleSpec
{
    public IReadOnlyList<int> Widths { get; init; } = [100, 200, 400, 800, 1600];
    public int Seeds { get; init; } = 24;
}
