using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.ClipCap;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Backend;

/// <summary>Creates the networks of checkpoints in libtorch: a line for each family.</summary>
internal sealed class TorchNetworks : ITorchBackend
{
    /// <summary>Loads a dual encoder in libtorch, for training or as a reference. The caller owns and disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the checkpoint cannot be trained.</exception>
    internal static TorchDualEncoder Load(DualEncoderCheckpoint checkpoint, Device device) => checkpoint switch
    {
        ClipCheckpoint clip => TorchClipEncoder.Load(clip, device),
        BlipRetrievalCheckpoint blip => TorchBlipEncoder.Load(blip.Source, device),
        _ => throw new ModelFileException(checkpoint.Path, $"it is a {checkpoint.Family}, which libtorch has no network for."),
    };

    public IDualEncoder OpenDualEncoder(DualEncoderCheckpoint checkpoint, InferenceDevice device) => Load(checkpoint, TorchDevice.Choose(device));

    public void ExportDualEncoder(DualEncoderCheckpoint checkpoint, string folder)
    {
        using var encoder = Load(checkpoint, CPU);
        encoder.Save(folder);
    }

    public ITextEncoder OpenText(string folder) => BlipTextEncoder.Load(folder);

    public ICaptionNetwork OpenCaptionNetwork(CaptionerCheckpoint checkpoint, InferenceDevice device) => checkpoint switch
    {
        BlipCaptionerCheckpoint blip => new BlipNetwork(blip.Source, TorchDevice.Choose(device)),
        ClipCapCheckpoint clipCap => new ClipCapNetwork(clipCap, TorchDevice.Choose(device), device),
        _ => throw new ModelFileException(checkpoint.Path, $"it is a {checkpoint.Family}, which libtorch has no network for."),
    };
}
