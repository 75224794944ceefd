using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>The captioners of a command line: free labels, each of a folder, whose kind is read from it, or of a chat model's address.</summary>
/// <param name="Captioners">NAME=DIR or NAME=URL, as given.</param>
/// <param name="Clips">NAME=DIR: the CLIPs of ClipCaps.</param>
/// <param name="Decoding">How texts are decoded, where the command line says it.</param>
/// <param name="Chat">How chat models are asked.</param>
internal sealed record CaptionerSettings(IReadOnlyList<string> Captioners, IReadOnlyList<string> Clips, DecodingSettings Decoding, ChatEndpoint Chat)
{
    /// <summary>Whether a value is of the form NAME=SOMETHING.</summary>
    internal static bool HasForm(string value) => value.IndexOf('=', StringComparison.Ordinal) is var at and > 0 && at < value.Length - 1;

    /// <summary>Checks the captioners and describes them for a pipeline. Their frame column is still to be named.</summary>
    /// <exception cref="UsageException">Two have one name, or an option is for none of them.</exception>
    /// <exception cref="ModelFileException">A folder is missing, or holds something that is not implemented.</exception>
    internal IReadOnlyList<Captioner> Parse()
    {
        var captioners = Pairs("--captioner", Captioners);
        var clips = Pairs("--captioner-clip", Clips);
        if (clips.Keys.FirstOrDefault(name => !captioners.ContainsKey(name)) is { } unknown)
            throw new UsageException($"--captioner-clip: '{unknown}' is no captioner; expected one of '{string.Join("', '", captioners.Keys)}'.");
        return [.. captioners.Select(captioner => ChatEndpoint.TryParse(captioner.Value, out var address)
            ? Chat.CreateCaptioner(captioner.Key, address)
            : FromFolder(captioner.Key, captioner.Value, clips.GetValueOrDefault(captioner.Key)))];
    }

    private Captioner FromFolder(string name, string path, string? clip)
    {
        var checkpoint = CheckpointFormats.Require<CaptionerCheckpoint>(path, new(Clip: clip));
        return Captioner.FromFolder(path, FrameColumn.DefaultName, name, Decoding.Over(checkpoint.DefaultGeneration), clip);
    }

    private static Dictionary<string, string> Pairs(string option, IReadOnlyList<string> values)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in values.Select(value => value.Split('=', 2)))
            if (!pairs.TryAdd(value[0], value[1]))
                throw new UsageException($"{option}: '{value[0]}' is given twice; every captioner needs a name of its own.");
        return pairs;
    }
}
