using VideoCaptionRetrieval.Experiments;

namespace QuickStart;

/// <summary>What the program works on: the user's folders, or clips and checkpoints that it makes itself.</summary>
internal static class Inputs
{
    private const int Seed = 1;
    private static bool _randomModels;

    internal static (string Videos, string Clip, string Blip) Prepare(string[] arguments, string work)
    {
        if (arguments.Length is not (0 or 1 or 3))
        {
            Console.Error.WriteLine("Usage: QuickStart [VIDEOS [CLIP BLIP]]: a folder of videos, and folders of a CLIP and a BLIP checkpoint in Hugging Face layout.");
            Environment.Exit(2);
        }
        Directory.CreateDirectory(work);
        if (arguments.Length == 3) return (arguments[0], arguments[1], arguments[2]);

        _randomModels = true;
        var (clip, blip) = (Path.Combine(work, "clip"), Path.Combine(work, "blip"));
        if (!Directory.Exists(clip)) SmallModels.WriteClip(clip, Seed);
        if (!Directory.Exists(blip)) SmallModels.WriteBlip(blip, Seed);
        Report.Line($"Small CLIP and BLIP with random weights: {clip}, {blip}");
        if (arguments.Length == 1) return (arguments[0], clip, blip);

        var videos = Path.Combine(work, "videos");
        SampleVideos.Render(videos);
        Report.Line($"Clips: {videos}");
        return (videos, clip, blip);
    }

    /// <summary>For each video a query made of its file's name.</summary>
    internal static IEnumerable<Query> QueriesFromNames(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => !Path.GetFileName(file).StartsWith('.'))
            .Select(file => new Query(file.Replace('\\', '/'), Path.GetFileNameWithoutExtension(file).Replace('-', ' ').Replace('_', ' ')));

    internal static void SayWhatAnswersMean()
    {
        if (!_randomModels) return;
        Report.Line("\nThese models were initialised at random: every step above is real, but captions, scores and answers mean nothing yet.");
        Report.Line("For answers that mean something: ./quickstart.sh VIDEOS CLIP BLIP with published checkpoints, such as clip-vit-base-patch16 and blip-image-captioning-base.");
    }
}
