using System.Diagnostics;
using TorchSharp.Modules;
using VideoCaptionRetrieval.Torch.DualEncoders;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Bench;

/// <summary>A dual encoder that notes how long its towers' forward passes take. The network stays the caller's.</summary>
internal sealed class TimedEncoder(DualEncoderModel model) : DualEncoderModel(nameof(TimedEncoder))
{
    internal Stopwatch Vision { get; } = new();

    internal Stopwatch Text { get; } = new();

    public override Parameter LogScale => model.LogScale;

    internal override int Dimension => model.Dimension;

    internal override long ImageActivationBytes => model.ImageActivationBytes;

    public override Tensor EncodeImages(Tensor pixelValues) => Timed(Vision, () => model.EncodeImages(pixelValues));

    public override Tensor EncodeTexts(Tensor ids) => Timed(Text, () => model.EncodeTexts(ids));

    private static Tensor Timed(Stopwatch clock, Func<Tensor> encode)
    {
        clock.Start();
        var embeddings = encode();
        clock.Stop();
        return embeddings;
    }
}
