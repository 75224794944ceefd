using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>
/// Lets libtorch compute with one thread until it is disposed. The matrices of small networks are too small to share out: with two threads,
/// captioning takes longer on free cores and many times as long on busy ones.
/// </summary>
internal sealed class SingleThread : IDisposable
{
    private readonly int _before;

    internal SingleThread()
    {
        TorchRuntime.EnsureLoaded();
        _before = get_num_threads();
        set_num_threads(1);
    }

    /// <summary>The same for ONNX Runtime.</summary>
    internal static Models.InferenceOptions Inference => new() { Threads = 1 };

    public void Dispose() => set_num_threads(_before);
}
