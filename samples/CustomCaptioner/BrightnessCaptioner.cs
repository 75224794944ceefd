using VideoCaptionRetrieval.Models;

namespace CustomCaptioner;

/// <summary>A captioner of one's own: says how bright a picture is, and which of red, green and blue it has most of.</summary>
internal sealed class BrightnessCaptioner : IImageCaptioner
{
    private static readonly string[] Colours = ["red", "green", "blue"];

    public FrameFormat FrameFormat => new(32, FrameFit.Stretch);

    public string Identity => "brightness 1";           // another number where other captions would come out: stored ones are made anew then

    public IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default) =>
        [.. Enumerable.Range(0, count).Select(image => Describe(frames.Slice(image * FrameFormat.FrameBytes, FrameFormat.FrameBytes).Span))];

    public void Dispose()
    {
    }

    private static string Describe(ReadOnlySpan<byte> rgb)
    {
        var sums = new double[Colours.Length];
        for (var i = 0; i < rgb.Length; i++) sums[i % sums.Length] += rgb[i];
        var brightness = sums.Sum() / rgb.Length;
        return $"a {(brightness < 85 ? "dark" : brightness < 170 ? "grey" : "bright")} picture, mostly {Colours[Array.IndexOf(sums, sums.Max())]}";
    }
}
