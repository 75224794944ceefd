using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.VisionEncoderDecoder;

/// <summary>Runs an exported vision-encoder-decoder as a captioner's network, such as nlpconnect/vit-gpt2-image-captioning.</summary>
internal sealed class VisionEncoderDecoderNetwork : ICaptionNetwork
{
    private readonly VisionEncoderDecoderConfig _config;
    private readonly ImagePreprocessing _preprocessing;
    private readonly Gpt2Tokenizer _tokenizer;
    private readonly VisionEncoderDecoderModel _model;

    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    internal VisionEncoderDecoderNetwork(string folder, VisionEncoderDecoderFiles files, InferenceDevice device)
    {
        (_config, _preprocessing) = (VisionEncoderDecoderConfig.Read(folder), PreprocessorConfig.Read(folder));
        _tokenizer = Gpt2Tokenizer.Load(folder);
        _model = new(files, new(), device);
        if (_tokenizer.LargestId < _model.VocabularySize) return;
        _model.Dispose();
        throw new ModelFileException(Path.Combine(folder, BytePairFiles.Vocabulary),
            $"the largest id is {_tokenizer.LargestId}, but the graph has {_model.VocabularySize} tokens; the two do not belong together.");
    }

    public FrameFormat FrameFormat => _preprocessing.Format;

    public ResolvedGeneration Resolve(GenerationOptions options)
    {
        if (options.StopToken is not null)
            throw new ArgumentException($"{nameof(GenerationOptions.StopToken)} is '{options.StopToken}'; it is for ClipCap alone.", nameof(options));
        var settings = ResolvedGeneration.From(options, _config.EndId);
        return settings.MaxLength <= _config.Positions
            ? settings
            : throw new ArgumentException(
                $"MaxLength is '{settings.MaxLength}'; the decoder has positions for {_config.Positions} tokens.", nameof(options));
    }

    public int[] Prompt(string? prompt) => [_config.StartId, .. _tokenizer.Encode(prompt ?? "")];

    public IStepDecoder StartDecoding(ReadOnlySpan<byte> frames, int count, int maxLength)
    {
        var pixelValues = new float[count * FrameFormat.FrameBytes];
        _preprocessing.Normalise(frames, count, pixelValues);
        return new VisionEncoderDecoderStepDecoder(_model, _model.EncodeImages(pixelValues, count, FrameFormat.Size));
    }

    public string Caption(int[] ids, int[] prompt) => _tokenizer.Decode(ids.Skip(prompt.Length)).Trim();

    public void Dispose() => _model.Dispose();
}
