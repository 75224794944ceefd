using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>A captioner inside a transformer: what a saved model knows of it, and the network once it is open.</summary>
internal sealed class CaptionerNetwork : IDisposable
{
    private readonly ImageCaptionerTransformer _owner;
    private readonly CheckpointReference? _checkpoint;
    private readonly SharedNetwork<IImageCaptioner> _network;

    private CaptionerNetwork(ImageCaptionerTransformer owner, Captioner captioner, CheckpointReference? checkpoint)
    {
        (_owner, Captioner, _checkpoint) = (owner, captioner, checkpoint);
        _network = new(Open, nameof(ImageCaptionerTransformer));
    }

    internal Captioner Captioner { get; }

    /// <summary>Size of its frames in pixels; null = known when it is open.</summary>
    internal int? FrameSize => _checkpoint?.FrameSize;

    /// <summary>What errors call it.</summary>
    internal string DisplayName => _checkpoint is null
        ? $"captioner '{Captioner.Name}'"
        : $"captioner '{Captioner.Name}' ('{_checkpoint.Folder}')";

    /// <summary>Whether the network is open.</summary>
    internal bool IsOpen => _network.IsOpen;

    /// <summary>The network, opened if it is not yet.</summary>
    internal IImageCaptioner Get() => _network.Get();

    /// <summary>Prepares a captioner: reads what its checkpoint's frames look like.</summary>
    /// <exception cref="ModelFileException">The checkpoint is missing.</exception>
    internal static CaptionerNetwork Describe(ImageCaptionerTransformer owner, Captioner captioner) =>
        new(owner, captioner, captioner.Kind == CaptionerKind.Custom
            ? null
            : CheckpointReference.DescribeCaptioner(captioner.Folder, captioner.Clip));

    /// <summary>Restores the captioner of a saved model; looks at no file.</summary>
    internal static CaptionerNetwork Restore(ImageCaptionerTransformer owner, CaptionerSettings saved) => new(owner,
        Captioner.Restore(saved.Checkpoint is null ? CaptionerKind.Custom : CaptionerKind.Checkpoint, saved.Name, saved.FramesColumnName,
            saved.Checkpoint?.Folder ?? "", saved.Checkpoint?.Clip, saved.Generation), saved.Checkpoint);

    /// <summary>What a saved model holds.</summary>
    internal CaptionerSettings ToSettings() => new(Captioner.Name, Captioner.FramesColumnName, _checkpoint, Captioner.Generation);

    /// <inheritdoc />
    public void Dispose() => _network.Dispose();

    private IImageCaptioner Open()
    {
        if (_checkpoint is null)
        {
            return Captioner.Create?.Invoke() ?? throw new InvalidOperationException(
                $"Captioner '{Captioner.Name}' was a program's own (Captioner.Custom), and saved models do not hold it. " +
                "Make the pipeline anew with it, or take the part of the model that needs no captions: " +
                "model.GetModelFor(TransformerScope.Scoring).");
        }
        if (_checkpoint.Check(DisplayName) is { } warning) _owner.LogWarning(warning);
        return CheckpointFormats.Require<CaptionerCheckpoint>(_checkpoint.Folder, new(Clip: _checkpoint.Clip))
            .Load(Captioner.Generation, ComputeDevice.Choose(_owner.Environment));
    }
}
