using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.TestSupport.Retrieval;

/// <summary>
/// Stands for FrameSampler, captioner and filter: from VideoId and VideoPath it makes Frames (with a source unless told otherwise),
/// Captions (2), Captions.Scores and FrameError, and counts the rows whose frames and captions were asked for.
/// </summary>
internal sealed class FakePipeline(IHostEnvironment environment) : BatchedTransformer(environment)
{
    internal ColouredVideos Videos { get; } = new();
    internal int FrameCount { get; init; } = 2;
    internal int FrameSize { get; init; } = SmallModels.ImageSize;
    internal bool HasSource { get; init; } = true;
    internal FrameErrorHandling OnError { get; init; } = FrameErrorHandling.Throw;
    internal Dictionary<string, string[]> Captions { get; } = [];
    internal Dictionary<string, string> Errors { get; } = [];
    internal int FrameRows { get; private set; }
    internal int CaptionRows { get; private set; }

    private protected override ModelFormat SavedFormat => new("FAKEPIPE", nameof(FakePipeline));

    /// <summary>Rows v0, v1 … with these columns.</summary>
    internal IDataView View(int videos) => Transform(new MLContext().Data.LoadFromEnumerable(
        Enumerable.Range(0, videos).Select(i => new { VideoId = $"v{i}", VideoPath = $"v{i}.mp4" })));

    internal override IReadOnlyList<BatchComputation> Bind(DataViewSchema input)
    {
        var video = input["VideoId"];
        var source = new FrameSourceAnnotation(Videos, new("VideoPath", "VideoId", "ClipStart", "ClipEnd"), FrameCount, OnError);
        return
        [
            new PerVideoColumn<byte>(video, new("Frames", FrameColumnView.Type(FrameCount, FrameSize), HasSource ? source.ToAnnotations() : null), FramesOf),
            new PerVideoColumn<ReadOnlyMemory<char>>(video, new("Captions", new VectorDataViewType(TextDataViewType.Instance, 2)), one =>
            {
                CaptionRows++;
                return [.. CaptionsOf(one).Select(caption => caption.AsMemory())];
            }),
            new PerVideoColumn<float>(video, new("Captions.Scores", new VectorDataViewType(NumberDataViewType.Single, 2)), one =>
                [.. CaptionsOf(one).Select(caption => caption.Length == 0 ? float.NaN : caption.Length / 10f)]),
            new PerVideoColumn<ReadOnlyMemory<char>>(video, new("FrameError", TextDataViewType.Instance), one =>
                [Errors.GetValueOrDefault(one, "").AsMemory()]),
        ];
    }

    private protected override void Save(ModelWriter writer) { }

    private string[] CaptionsOf(string video) => Captions.GetValueOrDefault(video) ?? [$"clip {video}", $"{video} seen"];

    private byte[] FramesOf(string video)
    {
        FrameRows++;
        var frames = new byte[FrameCount * FrameSize * FrameSize * 3];
        if (!Errors.ContainsKey(video)) ColouredVideos.Paint(video, new Random(7), frames);
        return frames;
    }
}
