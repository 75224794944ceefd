using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Writes whole checkpoint folders in Hugging Face layout, such as <see cref="BlipCaptioner.Load"/> opens.</summary>
internal static class BlipFolder
{
    /// <summary>PIL.Image.Resampling.BICUBIC.</summary>
    private const int Bicubic = 3;

    /// <summary>Writes config.json, model.safetensors, vocab.txt, tokenizer_config.json and preprocessor_config.json.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="model">Configuration and weights.</param>
    /// <param name="tokenizer">Vocabulary and settings.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    internal static void Write(string folder, BlipModel model, WordPieceTokenizer tokenizer) => AtomicFolder.Write(folder, temporary =>
    {
        model.Save(temporary);
        tokenizer.Save(temporary);
        var preprocessor = PreprocessorJson(model.Config.Vision.ImageSize).ToJsonString(new() { WriteIndented = true });
        File.WriteAllText(Path.Combine(temporary, CheckpointFiles.Preprocessor), preprocessor + "\n");
    });

    private static JsonObject PreprocessorJson(int imageSize) => new()
    {
        ["do_normalize"] = true,
        ["do_rescale"] = true,
        ["do_resize"] = true,
        ["image_mean"] = new JsonArray([.. ImagePreprocessing.ClipMean.Select(value => JsonValue.Create(value))]),
        ["image_processor_type"] = "BlipImageProcessor",
        ["image_std"] = new JsonArray([.. ImagePreprocessing.ClipStandardDeviation.Select(value => JsonValue.Create(value))]),
        ["resample"] = Bicubic,
        ["rescale_factor"] = ImagePreprocessing.DefaultRescaleFactor,
        ["size"] = new JsonObject { ["height"] = imageSize, ["width"] = imageSize },
    };
}
