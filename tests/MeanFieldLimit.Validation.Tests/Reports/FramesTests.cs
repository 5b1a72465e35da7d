using System.Xml.Linq;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies.Densities;

namespace MeanFieldLimit.Validation.Tests.Reports;

public class FramesTests
{
    [Fact]
    public void A_density_has_a_frame_for_each_save_time_and_a_slider_over_them()
    {
        var model = Small.TwoLayers();
        var frames = Small.Run(new DensityStudy(), model).Frames;
        Assert.Equal(model.SaveTimes.Length, frames.Count);
        Assert.Single(frames.Select(f => f.Caption).Distinct());
        var figure = Frames.Section(frames).Last();
        var svgs = figure.Elements().Where(e => e.Name.LocalName == "svg").ToArray();
        Assert.Equal(Enumerable.Range(0, frames.Count).Select(k => k.ToString(CultureInfo.InvariantCulture)),
            svgs.Select(s => s.Attribute("data-frame")!.Value));
        // First and last are seen where nothing runs.
        Assert.Equal([true, .. Enumerable.Repeat(false, frames.Count - 2), true], svgs.Select(s => s.Attribute("style") is null));
        var slider = figure.Element("input")!;
        Assert.Equal(("range", "0", $"{frames.Count - 1}"),
            (slider.Attribute("type")!.Value, slider.Attribute("min")!.Value, slider.Attribute("max")!.Value));
        var ids = figure.DescendantsAndSelf().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (var (svg, t) in svgs.Zip(model.SaveTimes))
            Assert.Contains($"t = {t:G3}", string.Concat(svg.DescendantNodes().OfType<XText>().Select(x => x.Value)),
                StringComparison.Ordinal);
    }

    [Fact]
    public void Without_frames_that_can_be_drawn_there_is_no_section()
    {
        Assert.Empty(Frames.Section([]));
        Assert.Empty(Frames.Section([Figure.NotDrawn("neurons-0", "it has no place")]));
    }
}
