using Microsoft.ML;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Interop;

[assembly: SavedModel<VideoCaptionRetrieval.ImageCaptionerTransformer>(
    "Captions frames", "Image captioner", VideoCaptionRetrieval.ImageCaptionerTransformer.LoaderName)]

namespace VideoCaptionRetrieval;

/// <summary>
/// Captions frames; see <see cref="ImageCaptioner"/> for the column. A captioner is opened when one of its captions is first asked for.
/// A saved model holds options, and paths and fingerprints of checkpoints, never weights.
/// </summary>
public sealed class ImageCaptionerTransformer : BatchedTransformer, ISavedModel<ImageCaptionerTransformer>
{
    internal const string LoaderName = "VcrImageCaptioner";
    private static readonly ModelFormat SavedAs = new("VCRCAPTN", LoaderName, Version: 2);
    private long _videos, _captions, _reused;

    internal ImageCaptionerTransformer(IHostEnvironment environment, ImageCaptionerOptions options) : base(environment)
    {
        Options = options;
        Store = options.StorePath is { } folder ? new CaptionStore(folder) : null;
        Captioners = [.. options.Captioners.Select(captioner => CaptionerNetwork.Describe(this, captioner))];
    }

    private ImageCaptionerTransformer(IHostEnvironment environment, ImageCaptionerSettings saved) : base(environment)
    {
        Options = new() { OutputColumnName = saved.OutputColumnName, StorePath = saved.StorePath, ImagesPerBatch = saved.ImagesPerBatch };
        Store = Options.StorePath is { } folder ? new CaptionStore(folder) : null;
        Captioners = [.. saved.Captioners.Select(captioner => CaptionerNetwork.Restore(this, captioner))];
        Options.Captioners = [.. Captioners.Select(network => network.Captioner)];
    }

    static ModelFormat ISavedModel<ImageCaptionerTransformer>.Format => SavedAs;

    internal ImageCaptionerOptions Options { get; }

    internal IReadOnlyList<CaptionerNetwork> Captioners { get; }

    internal CaptionStore? Store { get; }

    private protected override ModelFormat SavedFormat => SavedAs;

    static ImageCaptionerTransformer ISavedModel<ImageCaptionerTransformer>.Load(IHostEnvironment environment, ModelReader reader) =>
        new(environment, ImageCaptionerSettings.Read(reader));

    internal override IReadOnlyList<BatchComputation> Bind(DataViewSchema input) => [new CaptioningComputation(this, input)];

    /// <summary>Counts finished work and tells the progress.</summary>
    internal void Report(int videos, int captions, int reused)
    {
        var progress = new CaptioningProgress(
            Interlocked.Add(ref _videos, videos), Interlocked.Add(ref _captions, captions), Interlocked.Add(ref _reused, reused));
        Options.Progress?.Report(progress);
        Log($"{progress.Videos} videos: {progress.Captions} captions made, {progress.Reused} taken from the store");
    }

    private protected override void Save(ModelWriter writer) => new ImageCaptionerSettings(
        [.. Captioners.Select(network => network.ToSettings())], Options.OutputColumnName, Options.StorePath, Options.ImagesPerBatch).Write(writer);

    private protected override void DisposeNetworks()
    {
        foreach (var captioner in Captioners) captioner.Dispose();
    }
}
