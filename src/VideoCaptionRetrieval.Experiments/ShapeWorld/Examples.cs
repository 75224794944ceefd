namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>A handful of videos for a first look.</summary>
internal static class Examples
{
    private const int Count = 24, Scenes = 3, Seed = 1;
    private const string Set = "example";

    /// <summary>What slides past what; in video i it is the second, third, first, second … scene.</summary>
    private static readonly (string Moving, string Resting)[] _passing =
    [
        ("red ball", "blue box"), ("yellow star", "green heart"), ("white ring", "purple cross"), ("orange moon", "pink diamond"),
        ("green triangle", "red bar"), ("blue heart", "yellow ball"), ("purple box", "white star"), ("pink cross", "orange ring"),
    ];

    internal static ShapeWorldOptions World { get; } = new() { Seed = Seed, ScenesPerVideo = Scenes, VideoSize = 192, Gap = 0.3 };

    internal static IEnumerable<WorldVideo> Videos => Enumerable.Range(0, Count).Select(i => new WorldVideo(World, Set, i)
    {
        Script = i % 3 == 0 ? new Dictionary<int, VideoScene> { [Place(i)] = Passing(i) } : null,
    });

    private static int Place(int video) => ((video / 3) + 1) % Scenes;

    private static VideoScene Passing(int video)
    {
        var (moving, resting) = _passing[video / 3];
        return VideoScene.Passing(new(Seed, Set + "/script", video), World.Gap, Parse(moving), Parse(resting));
    }

    /// <summary>A big plain object of a colour and a kind.</summary>
    private static SceneObject Parse(string text)
    {
        var words = text.Split(' ');
        return new(Vocabulary.Kinds.ToList().FindIndex(kind => kind[0] == words[1]), Vocabulary.Colours.ToList().IndexOf(words[0]), Texture: 0, Size: 1);
    }
}
