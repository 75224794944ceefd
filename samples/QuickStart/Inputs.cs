using VideoCaptionRetrieval.Experiments;

namespace QuickStart;

/// <summary>What the program works on: the user's folders, or example videos and the small models of this repository.</summary>
/// <param name="Videos">A folder of videos.</param>
/// <param name="Clip">A CLIP checkpoint.</param>
/// <param name="Blip">A BLIP captioning checkpoint.</param>
/// <param name="ClipCap">A ClipCap checkpoint.</param>
/// <param name="Queries">What is asked for in the evaluation.</param>
/// <param name="LearningRate">A small network takes larger steps.</param>
/// <param name="Temperature">τ of query scoring: the cosines of a small network spread farther.</param>
internal sealed record Inputs(string Videos, string Clip, string Blip, string ClipCap, IReadOnlyList<Query> Queries, double LearningRate, double Temperature)
{
    private const string Usage = "Usage: QuickStart [VIDEOS [CLIP BLIP CLIPCAP]]: a folder of videos, and folders of checkpoints.";

    internal static Inputs Prepare(string[] arguments, string work)
    {
        Directory.CreateDirectory(work);
        switch (arguments)
        {
            case []:
                var examples = Path.Combine(work, "videos");
                ShapeWorldVideos.WriteExamples(examples);
                return WithSmallModels(examples, [.. ShapeWorldVideos.ExampleSentences(examples).Select(one => new Query(one.Video, one.Text))]);
            case [var videos]:
                return WithSmallModels(videos, NamesOf(videos));
            case [var videos, var clip, var blip, var clipCap]:
                return new(videos, clip, blip, clipCap, NamesOf(videos), LearningRate: 1e-5, Temperature: 0.1);
            default:
                Console.Error.WriteLine(Usage);
                Environment.Exit(2);
                return null!;
        }
    }

    private static Inputs WithSmallModels(string videos, IReadOnlyList<Query> queries)
    {
        var models = Path.Combine(Repository(), "models");
        return new(videos, Path.Combine(models, "clip"), Path.Combine(models, "blip"), Path.Combine(models, "clipcap"), queries, LearningRate: 1e-4, Temperature: 0.4);
    }

    /// <summary>For each video a query made of its file's name.</summary>
    private static List<Query> NamesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(file => !Path.GetFileName(file).StartsWith('.'))
            .Select(file => new Query(file.Replace('\\', '/'), Path.GetFileNameWithoutExtension(file).Replace('-', ' ').Replace('_', ' '))),
    ];

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "models", "clip"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds models/clip. Name checkpoints: {Usage}");
    }
}
