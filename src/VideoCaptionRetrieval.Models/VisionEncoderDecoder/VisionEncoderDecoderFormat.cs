using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.VisionEncoderDecoder;

/// <summary>The checkpoint family of vision-encoder-decoders exported to ONNX.</summary>
internal static class VisionEncoderDecoderFormat
{
    internal const string Family = "vision-encoder-decoder captioner";

    internal static CheckpointFormat Instance { get; } = new(Family, typeof(VisionEncoderDecoderCheckpoint), VisionEncoderDecoderConfig.Matches,
        (path, options) => options.Clip is null
            ? new VisionEncoderDecoderCheckpoint(path)
            : throw CaptionerCheckpoint.TakesNoClip(path, Family, options.Clip));
}

/// <summary>A captioner in Hugging Face's VisionEncoderDecoder layout, exported to ONNX; it runs in ONNX Runtime.</summary>
/// <inheritdoc cref="CaptionerCheckpoint"/>
internal sealed class VisionEncoderDecoderCheckpoint(string path) : CaptionerCheckpoint
{
    public override string Path => path;

    public override string Family => VisionEncoderDecoderFormat.Family;

    internal override CheckpointCapabilities Capabilities => CheckpointCapabilities.Caption;

    public override ImagePreprocessing Preprocessing => PreprocessorConfig.Read(path);

    public override IEnumerable<string> Files => VisionEncoderDecoderFiles.Find(path).All;

    public override GenerationOptions DefaultGeneration => VisionEncoderDecoderConfig.Read(path).Generation;

    internal override CheckpointReport Inspect()
    {
        var config = VisionEncoderDecoderConfig.Read(path);
        KeyValuePair<string, object>[] facts =
        [
            new("context length", config.Positions), new("beams", config.Generation.Beams), new("longest caption", config.Generation.MaxLength),
            new("largest token id", Gpt2Tokenizer.Load(path).LargestId),
        ];
        return new(path, Family, "ONNX", facts, CheckpointReport.Sizes(path, Files), Tensors: null, [], [], [], []);
    }

    private protected override GenerativeCaptioner OpenNetwork(GenerationOptions options, InferenceDevice device, int batchSize)
    {
        var graphs = VisionEncoderDecoderFiles.Find(path);
        var files = graphs.All.ToList();
        return GenerativeCaptioner.Create(new VisionEncoderDecoderNetwork(path, graphs, device), options, "encoder-decoder", files, batchSize);
    }
}
