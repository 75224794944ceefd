using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Registry;

[assembly: SavedModel<VideoCaptionRetrieval.ClipScoreFilterTransformer>(
    "Keeps captions by CLIPScore", "CLIPScore filter", VideoCaptionRetrieval.ClipScoreFilterTransformer.LoaderName)]

namespace VideoCaptionRetrieval;

/// <summary>
/// Keeps captions by CLIPScore; see <see cref="ClipScoreFilter"/> for the columns. The first value that is asked for opens the network. A
/// saved model holds the options and the checkpoint's path, never its weights.
/// </summary>
public sealed class ClipScoreFilterTransformer : BatchedTransformer, ISavedModel<ClipScoreFilterTransformer>
{
    internal const string LoaderName = "VcrClipScoreFilter";
    private static readonly ModelFormat SavedAs = new("VCRCLIPS", LoaderName, Version: 2);
    private readonly CheckpointReference _checkpoint;
    private readonly SharedNetwork<IDualEncoder> _encoder;
    private long _videos, _captions;

    internal ClipScoreFilterTransformer(
        IHostEnvironment environment, ClipScoreFilterOptions options, CheckpointReference checkpoint,
        Func<IDualEncoder>? open = null) : base(environment)
    {
        (Options, _checkpoint) = (options, checkpoint);
        _encoder = new(open ?? Open, nameof(ClipScoreFilterTransformer));
    }

    static ModelFormat ISavedModel<ClipScoreFilterTransformer>.Format => SavedAs;

    internal ClipScoreFilterOptions Options { get; }

    internal int FrameSize => _checkpoint.FrameSize;

    internal string EncoderName => $"the CLIP checkpoint '{_checkpoint.Folder}'";

    internal IDualEncoder Encoder => _encoder.Get();

    private protected override ModelFormat SavedFormat => SavedAs;

    static ClipScoreFilterTransformer ISavedModel<ClipScoreFilterTransformer>.Load(IHostEnvironment environment, ModelReader reader)
    {
        var saved = ClipScoreFilterSettings.Read(reader);
        return new(environment, saved.ToOptions(), saved.Checkpoint);
    }

    internal override IReadOnlyList<BatchComputation> Bind(Microsoft.ML.DataViewSchema input) => [new ClipScoreComputation(this, input)];

    /// <summary>Adds to the totals and reports progress.</summary>
    internal void Report(int videos, int captions)
    {
        var progress = new ClipScoreProgress(Interlocked.Add(ref _videos, videos), Interlocked.Add(ref _captions, captions));
        Options.Progress?.Report(progress);
        Log($"{progress.Captions} captions of {progress.Videos} videos scored");
    }

    private protected override void Save(ModelWriter writer) => ClipScoreFilterSettings.From(Options, _checkpoint).Write(writer);

    private protected override void DisposeNetworks() => _encoder.Dispose();

    private OnnxClipEncoder Open()
    {
        if (_checkpoint.Check("the CLIPScore filter") is { } warning) LogWarning(warning);
        return CheckpointFormats.Require<ClipCheckpoint>(_checkpoint.Folder).OpenForInference(Options.Inference, ComputeDevice.Choose(Environment));
    }
}
