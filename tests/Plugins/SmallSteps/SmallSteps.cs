using MeanFieldLimit;
using MeanFieldLimit.Validation.Checks;

/// <summary>The name says it: a measurement of one limit, and a figure.</summary>
public sealed class SmallSteps : ITheoryCheck
{
    public string Name => "small-steps";

    public string Claim => "The risk of a limit does not increase along the gradient flow.";

    public string Source => "d/dt risk = -|velocity|^2";

    public CheckResult Run(CheckSetting setting)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """
            { "name": "small-steps", "data": { "kind": "points", "x": [[1], [-1]], "y": [[1], [0]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "softsign" },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": 1 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 6 }] }, "record": { "saves": 5 } }
            """);
        var model = MeanField.Read(file);
        File.Delete(file);
        var risks = model.Solve().Trajectory.Train.Select(p => p.Risk).ToArray();
        return new(
            [Measurement.AtMost("largest increase", risks.Zip(risks[1..], (a, b) => b - a).Max(), 0, "0", "exact")],
            [Notebook.Plot("The risk.", "save", "risk", ("risk", [0, 1, 2, 3, 4, 5], risks))], [model]);
    }
}
