using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>A network that writes texts about images, with its tokenizer. Not thread-safe; whoever opens it disposes it.</summary>
internal interface ICaptionNetwork : IDisposable
{
    /// <summary>What a frame must look like.</summary>
    FrameFormat FrameFormat { get; }

    /// <summary>The token that ends a text, and how beams compete.</summary>
    /// <exception cref="ArgumentException">Some option is out of range, or is not for this network.</exception>
    ResolvedGeneration Resolve(GenerationOptions options);

    /// <summary>The tokens that every text begins with.</summary>
    /// <exception cref="ArgumentException">The network takes no prompt.</exception>
    int[] Prompt(string? prompt);

    /// <summary>Embeds images and begins to write about them; the caller disposes the decoder.</summary>
    /// <param name="frames">[count, S, S, 3] bytes.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="maxLength">The longest text in tokens.</param>
    IStepDecoder StartDecoding(ReadOnlySpan<byte> frames, int count, int maxLength);

    /// <summary>The caption: the text without the prompt, trimmed.</summary>
    string Caption(int[] ids, int[] prompt);
}
