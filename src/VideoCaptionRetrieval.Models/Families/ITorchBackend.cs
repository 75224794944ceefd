using VideoCaptionRetrieval.Models.Captioners;

namespace VideoCaptionRetrieval.Models.Families;

/// <summary>
/// Opens the networks that run in libtorch. The package VideoCaptionRetrieval.Torch implements it and is found by name, so that apps which only
/// use ONNX Runtime need no TorchSharp.
/// </summary>
public interface ITorchBackend
{
    /// <summary>Opens a dual encoder for inference. The caller owns and disposes it.</summary>
    IDualEncoder OpenDualEncoder(DualEncoderCheckpoint checkpoint, InferenceDevice device);

    /// <summary>Writes a dual encoder in Hugging Face layout into a new or empty folder, which appears complete or not at all.</summary>
    void ExportDualEncoder(DualEncoderCheckpoint checkpoint, string folder);

    /// <summary>Opens the text side that <see cref="DualEncoderCheckpoint.ExtractText"/> wrote. The caller owns and disposes it.</summary>
    ITextEncoder OpenText(string folder);

    /// <summary>Opens the network of a captioner. The caller owns and disposes it.</summary>
    ICaptionNetwork OpenCaptionNetwork(CaptionerCheckpoint checkpoint, InferenceDevice device);
}

/// <summary>Finds the networks that run in libtorch.</summary>
internal static class TorchBackend
{
    internal const string Package = "VideoCaptionRetrieval.Torch";

    private static readonly Lazy<ITorchBackend?> Found = new(() =>
        Type.GetType($"{Package}.Backend.TorchNetworks, {Package}") is { } type ? (ITorchBackend)Activator.CreateInstance(type, nonPublic: true)! : null);

    /// <summary>Returns the backend of the app.</summary>
    /// <param name="path">The checkpoint, for the message.</param>
    /// <param name="family">Its family, for the message.</param>
    /// <exception cref="InvalidOperationException">The app does not reference the package.</exception>
    internal static ITorchBackend Require(string path, string family) => Found.Value ?? throw new InvalidOperationException(
        $"'{path}' is a {family}, which computes in libtorch, and this app has no {Package}. Add the package to the app, and libtorch with it "
        + "(libtorch-cpu-linux-x64, or TorchSharp-cuda-linux for a GPU).");
}
