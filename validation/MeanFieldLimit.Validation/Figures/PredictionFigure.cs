using ScottPlot;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>What the limit predicts against the labels, for a regression.</summary>
internal static class PredictionFigure
{
    private const int MostOutputs = 8;

    /// <summary>The figure; null for a classification, too many outputs, or a run without finite predictions.</summary>
    internal static Figure? Draw(Model model, Trained limit)
    {
        var (data, trajectory) = (model.Watched, limit.Trajectory);
        if (data.Labels != LabelKind.Real || data.Outputs > MostOutputs || trajectory.Times.Count == 0) return null;
        var drawn = model.Data.Watched is not null;
        var (yhat, t) = (trajectory.Predictions[^1], trajectory.Times[^1]);
        if (!yhat.All(double.IsFinite)) return null;

        double[] ends = [Math.Min(data.Y.Min(), yhat.Min()), Math.Max(data.Y.Max(), yhat.Max())];
        var panel = new Panel($"predictions of the limit at t = {t:G4}", new("label y", false),
            new("prediction \u0177", false));
        panel.Curve(ends, ends, FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
        List<LegendItem> legend = [FigureStyle.GuideEntry("\u0177 = y")];
        for (var k = 0; k < data.Outputs; k++)
        {
            double[] Column(double[] of) => [.. of.Where((_, e) => e % data.Outputs == k)];
            var (color, shape) = (data.Outputs == 1 ? FigureStyle.Data : FigureStyle.OfWidth(k, data.Outputs),
                FigureStyle.ShapeOf(k));
            panel.Points(Column(data.Y), Column(yhat), color, data.Count <= 64 ? 9 : 5, shape);
            legend.Add(FigureStyle.PointEntry(
                data.Outputs > 1 ? $"output {k}" : drawn ? "point" : "training point", color, shape));
        }
        return Figure.Of("predictions", $"Predictions of the limit at t = {t:G4} against the labels of the " +
            $"{data.Count} watched {(drawn ? "points, drawn from the law of the data" : "training points")}; on the " +
            "dashed line they agree.", [panel], legend);
    }
}
