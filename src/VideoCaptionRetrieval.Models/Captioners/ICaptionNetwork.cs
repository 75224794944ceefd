using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>A network that writes texts about images, with its tokenizer. Not thread-safe. The caller owns and disposes it.</summary>
public interface ICaptionNetwork : IDisposable
{
    /// <summary>Size, fit and crop rule of the frames it takes.</summary>
    FrameFormat FrameFormat { get; }

    /// <summary>Combines options with the network's end token and its rules of beam search.</summary>
    /// <exception cref="ArgumentException">Some option is out of range, or is not for this network.</exception>
    ResolvedGeneration Resolve(GenerationOptions options);

    /// <summary>Encodes the tokens that every text begins with.</summary>
    /// <exception cref="ArgumentException">The network takes no prompt.</exception>
    int[] Prompt(string? prompt);

    /// <summary>Embeds images and creates a decoder for their texts. The caller owns and disposes it.</summary>
    /// <param name="frames">[count, S, S, 3] bytes.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="maxLength">The most tokens of a text.</param>
    IStepDecoder StartDecoding(ReadOnlySpan<byte> frames, int count, int maxLength);

    /// <summary>Decodes a caption: the text without the prompt, trimmed.</summary>
    string Caption(int[] ids, int[] prompt);
}
