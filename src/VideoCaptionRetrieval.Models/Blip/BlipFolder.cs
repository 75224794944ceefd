using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Writes whole checkpoint folders in Hugging Face layout, such as <see cref="BlipCheckpoint.Open"/> opens.</summary>
internal static class BlipFolder
{
    /// <summary>Writes a network of any task.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="saveModel">Writes config.json and model.safetensors into the folder that it gets.</param>
    /// <param name="tokenizer">Vocabulary and settings.</param>
    /// <param name="preprocessing">What is done to images.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    internal static void Write(string folder, Action<string> saveModel, WordPieceTokenizer tokenizer, ImagePreprocessing preprocessing) =>
        AtomicFolder.Write(folder, temporary =>
    {
        saveModel(temporary);
        tokenizer.Save(temporary);
        File.WriteAllText(Path.Combine(temporary, CheckpointFiles.Preprocessor), Json(preprocessing).ToJsonString(new() { WriteIndented = true }) + "\n");
    });

    private static JsonObject Json(ImagePreprocessing preprocessing) => new()
    {
        ["do_normalize"] = true,
        ["do_rescale"] = true,
        ["do_resize"] = true,
        ["image_mean"] = new JsonArray([.. preprocessing.Mean.Select(value => JsonValue.Create(value))]),
        ["image_processor_type"] = "BlipImageProcessor",
        ["image_std"] = new JsonArray([.. preprocessing.StandardDeviation.Select(value => JsonValue.Create(value))]),
        ["resample"] = PreprocessorConfig.Resample(preprocessing.Format.Filter),
        ["rescale_factor"] = preprocessing.RescaleFactor,
        ["size"] = new JsonObject { ["height"] = preprocessing.Format.Size, ["width"] = preprocessing.Format.Size },
    };
}
