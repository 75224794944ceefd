using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// Which of the head's tensors a checkpoint holds. transformers does not tie BLIP's decoder.weight to the word embeddings, so a stored
/// one is used as it is; its decoder.bias and predictions.bias are one parameter, of which a file may hold either or both.
/// </summary>
/// <param name="Weight">decoder.weight; without it the word embeddings project.</param>
/// <param name="DecoderBias">decoder.bias, which counts where both biases are there.</param>
/// <param name="Bias">predictions.bias.</param>
internal sealed record BlipHeadLayout(bool Weight, bool DecoderBias, bool Bias)
{
    private const string Predictions = "text_decoder.cls.predictions.";

    /// <summary>What transformers writes for a model that is not tied.</summary>
    internal static BlipHeadLayout Untied { get; } = new(Weight: true, DecoderBias: true, Bias: true);

    /// <param name="file">The checkpoint's weights.</param>
    /// <param name="mayTie">False where config.json forbids tying: decoder.weight is then missing, if it is not there.</param>
    internal static BlipHeadLayout Of(WeightsFile file, bool mayTie)
    {
        var decoderBias = file.Entries.ContainsKey(Predictions + "decoder.bias");
        return new(!mayTie || file.Entries.ContainsKey(Predictions + "decoder.weight"), decoderBias,
            !decoderBias || file.Entries.ContainsKey(Predictions + "bias"));
    }
}
