using System.Globalization;

namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>One video of the world: its scenes, its frames, its sentences. Each is drawn anew from the world's seed and its own name.</summary>
/// <param name="Options">The world.</param>
/// <param name="Stream">The set that it belongs to, such as "train" or "test".</param>
/// <param name="Index">Its place in the set.</param>
internal sealed record WorldVideo(ShapeWorldOptions Options, string Stream, int Index)
{
    /// <summary>Which of several data sets of one seed the set belongs to: each draws other videos. Empty where there is one.</summary>
    internal string Series { get; init; } = "";

    /// <summary>Scenes by place that are not left to chance; null = none.</summary>
    internal IReadOnlyDictionary<int, VideoScene>? Script { get; init; }

    /// <summary>The name of its file.</summary>
    internal string FileName => string.Create(CultureInfo.InvariantCulture, $"{Stream}-{Index:00000}.mp4");

    /// <summary>Frames of the whole video.</summary>
    internal int Frames => Options.ScenesPerVideo * Options.FramesPerScene;

    /// <summary>Sentences about each scene, in order.</summary>
    internal IEnumerable<string> Sentences()
    {
        for (var scene = 0; scene < Options.ScenesPerVideo; scene++)
        {
            var (what, random) = (Scene(scene), Numbers("words", scene));
            for (var i = 0; i < Options.SentencesPerScene; i++) yield return VideoSentences.Write(random, what);
        }
    }

    /// <summary>Draws the frames.</summary>
    /// <param name="renderer">A renderer of the world's size and gap.</param>
    /// <param name="target">[T, S, S, 3].</param>
    internal void Render(VideoRenderer renderer, Span<byte> target)
    {
        var bytes = Options.FramesPerScene * renderer.FrameBytes;
        for (var scene = 0; scene < Options.ScenesPerVideo; scene++)
        {
            var what = Scene(scene, out var random);
            renderer.Render(what, random, Options.FramesPerScene, target.Slice(scene * bytes, bytes));
        }
    }

    /// <summary>What happens in a scene.</summary>
    internal VideoScene Scene(int scene) => Scene(scene, out _);

    private VideoScene Scene(int scene, out RandomStream random)
    {
        random = Numbers("pictures", scene);
        var drawn = VideoScene.Draw(random, Options.Gap);
        return Script?.GetValueOrDefault(scene) ?? drawn;
    }

    /// <summary>Numbers for something that the video shares with no other.</summary>
    internal RandomStream Numbers(string purpose) => new(Options.Seed, $"{(Series.Length > 0 ? $"{Series}/" : "")}{Stream}/{purpose}", Index);

    private RandomStream Numbers(string purpose, int scene) => Numbers(RandomStream.SubStream(purpose, scene));
}
