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

        var (low, high) = (Math.Min(data.Y.Min(), yhat.Min()), Math.Max(data.Y.Max(), yhat.Max()));
        if (!Panel.IsShown(low) || !Panel.IsShown(high))
            return Figure.NotDrawn("predictions", Panel.IsShown(low) ? high : low);
        Panel.Widen(ref low, ref high, 0.05);
        var plot = FigureStyle.NewPlot($"predictions of the limit at t = {t:G4}", "label y", "prediction \u0177");
        var diagonal = plot.Add.ScatterLine([low, high], (double[])[low, high]);
        (diagonal.Color, diagonal.LineWidth, diagonal.LinePattern) =
            (FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
        diagonal.LegendText = "\u0177 = y";
        for (var k = 0; k < data.Outputs; k++)
        {
            double[] Column(double[] of) => [.. of.Where((_, e) => e % data.Outputs == k)];
            var points = plot.Add.ScatterPoints(Column(data.Y), Column(yhat));
            points.Color = data.Outputs == 1 ? FigureStyle.Data : FigureStyle.OfWidth(k, data.Outputs);
            points.MarkerSize = data.Count <= 64 ? 11 : 5;
            points.LegendText = data.Outputs > 1 ? $"output {k}" : drawn ? "point" : "training point";
        }
        plot.Axes.SetLimits(low, high, low, high);
        // The upper left: beyond the labels there, as predictions shrink towards their mean.
        plot.ShowLegend(Alignment.UpperLeft);
        return Figure.Of("predictions", $"Predictions of the limit at t = {t:G4} against the labels of the " +
            $"{data.Count} watched {(drawn ? "points, drawn from the law of the data" : "training points")}; on the " +
            "dashed line they agree.", plot);
    }
}
