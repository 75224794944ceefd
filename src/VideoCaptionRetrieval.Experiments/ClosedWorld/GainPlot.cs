using System.Globalization;
using System.Text;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Experiments.ClosedWorld;

/// <summary>Draws gains with their intervals as an SVG picture, one below the other, around a line at 0.</summary>
internal static class GainPlot
{
    private const int Width = 820, Left = 270, Right = 30, Top = 44, RowHeight = 22, Bottom = 34;

    internal static void Write(string path, string title, IReadOnlyList<PlottedGain> gains)
    {
        var culture = CultureInfo.InvariantCulture;
        var (least, most) = (Math.Min(0, gains.Min(gain => gain.Gain.Low)), Math.Max(0, gains.Max(gain => gain.Gain.High)));
        var height = Top + (gains.Count * RowHeight) + Bottom;
        double X(double value) => Left + ((Width - Left - Right) * (value - least) / Math.Max(most - least, 1e-9));
        var svg = new StringBuilder();
        svg.Append(culture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(culture, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"12\" y=\"22\" font-weight=\"bold\">{title}</text>\n");
        svg.Append(culture, $"<line x1=\"{X(0):0.0}\" x2=\"{X(0):0.0}\" y1=\"{Top - 6}\" y2=\"{height - Bottom + 4}\" stroke=\"#888\"/>\n");
        foreach (var value in new[] { least, 0, most }.Distinct())
            svg.Append(culture, $"<text x=\"{X(value):0.0}\" y=\"{height - 12}\" text-anchor=\"middle\">{value:0.0}</text>\n");
        for (var i = 0; i < gains.Count; i++)
        {
            var (gain, y) = (gains[i].Gain, Top + (i * RowHeight) + (RowHeight / 2.0));
            var colour = gain.Low > 0 ? "#1a7f37" : gain.High < 0 ? "#b3261e" : "#666";
            svg.Append(culture, $"<text x=\"{Left - 10}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{gains[i].Label}</text>\n");
            svg.Append(culture, $"<line x1=\"{X(gain.Low):0.0}\" x2=\"{X(gain.High):0.0}\" y1=\"{y:0.0}\" y2=\"{y:0.0}\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
            svg.Append(culture, $"<circle cx=\"{X(gain.R1):0.0}\" cy=\"{y:0.0}\" r=\"4\" fill=\"{colour}\"/>\n");
        }
        svg.Append("</svg>\n");
        AtomicFile.Create(path, temporary => File.WriteAllText(temporary, svg.ToString()));
    }
}

/// <summary>A row of the picture.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Gain">The point and its interval.</param>
internal sealed record PlottedGain(string Label, ClosedWorldGain Gain);
