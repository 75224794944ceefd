using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Search.Tests.Sheets;

/// <summary>Rendered clips and an index of them, made once.</summary>
public sealed class IndexedClips : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-sheet-").FullName;
    private readonly Lazy<VideoIndex> _index;

    public IndexedClips() => _index = new(() =>
    {
        SampleVideos.Render(Videos);
        SmallModels.WriteClip(Path.Combine(_folder, "clip"), seed: 1);
        var context = new MLContext(seed: 1);
        var videos = context.Data.LoadFromVideoFolder(Videos);
        using var model = context.VideoRetrieval.FromCheckpoint(Path.Combine(_folder, "clip"), frameCount: FrameCount);
        var sampler = context.Transforms.SampleFrames("VideoPath", new FrameColumn(model.FramesColumn, model.FrameFormat, FrameCount));
        return VideoIndex.Create(Path.Combine(_folder, "index"), new TransformerChain<ITransformer>(sampler.Fit(videos), model), videos);
    });

    /// <summary>Frames of a clip.</summary>
    internal const int FrameCount = 10;

    /// <summary>The clips' folder.</summary>
    internal string Videos => Path.Combine(_folder, "videos");

    /// <summary>The index of all of them; skips the test where there is no ffmpeg.</summary>
    internal VideoIndex Index
    {
        get
        {
            ProgramOnPath.SkipWithoutFfmpeg();
            return _index.Value;
        }
    }

    public void Dispose()
    {
        if (_index.IsValueCreated) _index.Value.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
