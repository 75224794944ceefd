using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Samples.Tests;

/// <summary>Rendered clips, small checkpoints, the model that samples/VideoSearch trains on them, and its index; made once.</summary>
public sealed class TrainedSearch : IDisposable
{
    private static readonly string[] Names = ["red-box-moves-right.mp4", "test-pattern.mp4", "yellow-box-falls.mp4"];

    private readonly Lazy<string> _folder;

    public TrainedSearch() => _folder = new(Make);

    /// <summary>A folder with three clips.</summary>
    internal string Videos => Path.Combine(Folder, "videos");

    /// <summary>A folder with a CLIP and a BLIP of random weights.</summary>
    internal string Models => Path.Combine(Folder, "models");

    /// <summary>The saved model.</summary>
    internal string Model => Path.Combine(Folder, "VideoSearch.mlnet");

    /// <summary>The index of the clips.</summary>
    internal string Index => Path.Combine(Folder, "index");

    /// <summary>Everything; skips the test where there is no ffmpeg.</summary>
    private string Folder
    {
        get
        {
            ProgramOnPath.SkipWithoutFfmpeg();
            return _folder.Value;
        }
    }

    /// <summary>A new, empty folder.</summary>
    internal string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, $"{Guid.NewGuid():N}")).FullName;

    public void Dispose()
    {
        if (_folder.IsValueCreated) Directory.Delete(_folder.Value, recursive: true);
    }

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("vcr-samples-").FullName;
        var (rendered, videos, models) = (Path.Combine(folder, "rendered"), Path.Combine(folder, "videos"), Path.Combine(folder, "models"));
        SampleVideos.Render(rendered);
        Directory.CreateDirectory(videos);
        foreach (var name in Names) File.Copy(Path.Combine(rendered, name), Path.Combine(videos, name));
        SmallModels.WriteClip(Path.Combine(models, "clip"), seed: 1);
        SmallModels.WriteBlip(Path.Combine(models, "blip"), seed: 2);

        var model = Path.Combine(folder, "VideoSearch.mlnet");
        global::VideoSearchSample.VideoSearch.Train(model, videos, Path.Combine(folder, "captions"), models);
        var context = new MLContext();
        using var loaded = (TransformerChain<ITransformer>)context.Model.Load(model, out _);
        using var index = VideoIndex.Create(Path.Combine(folder, "index"), loaded, context.Data.LoadFromVideoFolder(videos));
        return folder;
    }
}
