using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.VisionEncoderDecoder;

/// <summary>
/// Files of an exported captioner (Optimum's names), in 'onnx/' or beside config.json: encoder_model.onnx, and decoder_model_merged.onnx or
/// decoder_model.onnx, the latter preferably with decoder_with_past_model.onnx.
/// </summary>
/// <param name="Folder">The folder with configuration and tokenizer.</param>
/// <param name="Encoder">The graph of the image encoder.</param>
/// <param name="Decoder">The graph of the first step; a merged one runs further steps too.</param>
/// <param name="WithPast">The graph of further steps; null = <paramref name="Decoder"/> runs them.</param>
/// <param name="IsMerged">Whether the decoder takes cached keys and values.</param>
internal sealed record VisionEncoderDecoderFiles(string Folder, string Encoder, string Decoder, string? WithPast, bool IsMerged)
{
    private static readonly string[] Others =
        [CheckpointFiles.Configuration, CheckpointFiles.Generation, CheckpointFiles.Preprocessor, CheckpointFiles.Processor];

    /// <summary>All files of the captioner.</summary>
    internal IEnumerable<string> All => Others.Select(name => Path.Combine(Folder, name)).Where(File.Exists)
        .Concat(BytePairFiles.Find(Folder))
        .Concat(new[] { Encoder, Decoder, WithPast }.OfType<string>().SelectMany(WithData));

    /// <exception cref="ModelFileException">A graph is missing.</exception>
    internal static VisionEncoderDecoderFiles Find(string folder)
    {
        foreach (var place in new[] { Path.Combine(folder, "onnx"), folder })
        {
            string? Graph(string name) => Path.Combine(place, name) is var path && File.Exists(path) ? path : null;
            if (Graph("encoder_model.onnx") is not { } encoder) continue;
            if (Graph("decoder_model_merged.onnx") is { } merged) return new(folder, encoder, merged, WithPast: null, IsMerged: true);
            if (Graph("decoder_model.onnx") is { } decoder) return new(folder, encoder, decoder, Graph("decoder_with_past_model.onnx"), IsMerged: false);
        }
        throw new ModelFileException(folder, "there are no graphs; expected 'onnx/encoder_model.onnx' and 'onnx/decoder_model_merged.onnx' (or "
            + "'onnx/decoder_model.onnx' and 'onnx/decoder_with_past_model.onnx'), as Optimum exports them. Weights alone are not read: export them with "
            + "'optimum-cli export onnx --task image-to-text-with-past'.");
    }

    /// <summary>Lists a graph's files: the graph, and its weights where they have a file of their own.</summary>
    private static IEnumerable<string> WithData(string graph) => new[] { graph, graph + "_data", graph + ".data" }.Where(File.Exists);
}
