using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>Clips and small models, made once for the assembly when they are first needed.</summary>
public sealed class Assets : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vcr-tool-").FullName;
    private readonly Lazy<string> _videos, _clip, _blip, _blipRetrieval, _model;
    private int _folders;

    public Assets()
    {
        _videos = new(() =>
        {
            var all = Path.Combine(_root, "rendered");
            SampleVideos.Render(all);
            // Three of them are enough for most tests: 4, 4 and 3 seconds, 25 frames a second.
            foreach (var name in Names) Copy(all, "clips", name);
            return Path.Combine(_root, "clips");
        });
        _clip = new(() => Write("clip", folder => SmallModels.WriteClip(folder, seed: 1)));
        _blip = new(() => Write("blip", folder => SmallModels.WriteBlip(folder, seed: 2)));
        _blipRetrieval = new(() => Write("blip-retrieval", folder => SmallModels.WriteBlipRetrieval(folder, seed: 3)));
        _model = new(() => Path.Combine(_root, "model.zip"));
    }

    /// <summary>The clips' file names, in ordinal order.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["red-box-moves-right.mp4", "test-pattern.mp4", "yellow-box-falls.mp4"];

    /// <summary>A folder with three clips.</summary>
    internal string Videos
    {
        get
        {
            SkipWithoutFfmpeg();
            return _videos.Value;
        }
    }

    /// <summary>Paths of the clips, as the tool names a folder's files.</summary>
    internal IReadOnlyList<string> Paths => [.. Names.Select(name => $"{Videos}/{name}")];

    /// <summary>A CLIP checkpoint that takes 64-pixel frames.</summary>
    internal string Clip => _clip.Value;

    /// <summary>A BLIP checkpoint that takes 64-pixel frames, stretched.</summary>
    internal string Blip => _blip.Value;

    /// <summary>A BLIP checkpoint for retrieval that takes 64-pixel frames, stretched.</summary>
    internal string BlipRetrieval => _blipRetrieval.Value;

    /// <summary>A model that was fitted with 4 frames a video.</summary>
    internal async Task<string> ModelAsync()
    {
        if (File.Exists(_model.Value)) return _model.Value;
        var captions = Lines("model.jsonl", [.. Paths.Select((path, index) => Line(path, $"caption {index}"))]);
        (await Tool.RunAsync("fit", Videos, "--clip", Clip, "--captions", captions, "--frames", "4", "--epochs", "1", "--out", _model.Value)).Expect(0);
        return _model.Value;
    }

    /// <summary>A new, empty folder.</summary>
    internal string Folder() => Directory.CreateDirectory(Path.Combine(_root, $"{Interlocked.Increment(ref _folders)}")).FullName;

    /// <summary>Writes lines into a new file.</summary>
    internal string Lines(string name, params string[] lines)
    {
        var path = Path.Combine(Folder(), name);
        File.WriteAllLines(path, lines);
        return path;
    }

    /// <summary>A line of a file of captions or queries.</summary>
    internal static string Line(string video, string text, string key = "caption") => $$"""{"video":"{{video}}","{{key}}":"{{text}}"}""";

    /// <summary>A copy of a checkpoint in which a test may spoil something.</summary>
    internal string CopyOf(string folder)
    {
        var copy = Folder();
        foreach (var file in Directory.EnumerateFiles(folder)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    internal static void SkipWithoutFfmpeg() => ProgramOnPath.SkipWithoutFfmpeg();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Write(string name, Action<string> write)
    {
        var folder = Path.Combine(_root, name);
        write(folder);
        return folder;
    }

    private void Copy(string from, string to, string name)
    {
        Directory.CreateDirectory(Path.Combine(_root, to));
        File.Copy(Path.Combine(from, name), Path.Combine(_root, to, name));
    }
}
