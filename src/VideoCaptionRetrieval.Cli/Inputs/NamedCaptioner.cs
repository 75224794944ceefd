using Microsoft.Extensions.AI;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>A captioner of the command line, NAME=DIR or NAME=URL: a free label, and a folder whose kind is read from it or a chat model.</summary>
/// <param name="Name">The label.</param>
/// <param name="Format">What its frames must look like.</param>
/// <param name="Create">The captioner for ML.NET's chain, of a column of such frames.</param>
internal sealed record NamedCaptioner(string Name, FrameFormat Format, Func<FrameColumn, Captioner> Create)
{
    /// <summary>Whether a value is of the form NAME=SOMETHING.</summary>
    internal static bool HasForm(string value) => value.IndexOf('=') is var at and > 0 && at < value.Length - 1;

    /// <summary>Parses and checks all of them.</summary>
    /// <exception cref="UsageException">Two have one name, or an option is for none of them.</exception>
    /// <exception cref="ModelFileException">A folder is missing, or holds something that is not implemented.</exception>
    internal static List<NamedCaptioner> Parse(CaptionerSettings settings)
    {
        var captioners = Pairs("--captioner", settings.Captioners);
        var clips = Pairs("--captioner-clip", settings.Clips);
        if (clips.Keys.FirstOrDefault(name => !captioners.ContainsKey(name)) is { } unknown)
            throw new UsageException($"--captioner-clip: '{unknown}' is no captioner; expected one of '{string.Join("', '", captioners.Keys)}'.");
        return [.. captioners.Select(captioner => ChatEndpoint.TryParse(captioner.Value, out var address)
            ? OfChat(captioner.Key, address, settings)
            : OfFolder(captioner.Key, captioner.Value, clips.GetValueOrDefault(captioner.Key), settings))];
    }

    private static NamedCaptioner OfFolder(string name, string path, string? clip, CaptionerSettings settings)
    {
        var folder = CheckpointFormats.Require<CaptionerCheckpoint>(path, new(Clip: clip));
        var generation = settings.Decoding.Over(folder.DefaultGeneration);
        return new(name, folder.FrameFormat, column => Captioner.FromFolder(path, column.Name, name, generation, clip));
    }

    private static NamedCaptioner OfChat(string name, Uri address, CaptionerSettings settings)
    {
        var endpoint = settings.Chat;
        var options = endpoint.Options(name);
        IChatClient client = endpoint.Client(address, options);
        return new(name, options.FrameFormat, column => Captioner.Chat(client, column.Name, name, options));
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
