using System.IO.Compression;
using Microsoft.ML;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>What --model and --clip name: a folder is a checkpoint, a zip that holds a transformer chain is a saved model.</summary>
internal static class ModelReference
{
    private const string ChainEntry = "TransformerChain";       // ML.NET's folder for a chain inside a saved model

    /// <summary>Opens the model. The caller disposes it.</summary>
    internal static MultiCaptionRetrievalTransformer Open(MLContext mlContext, string path, int? frameCount = null)
    {
        if (Directory.Exists(path)) return mlContext.VideoRetrieval.FromCheckpoint(path, new() { FrameCount = frameCount });
        if (!IsSavedModel(path)) throw NotAModel(path);
        var chain = mlContext.Model.Load(path, out _);
        var stages = chain is IEnumerable<ITransformer> parts ? parts : [chain];
        return stages.OfType<MultiCaptionRetrievalTransformer>().LastOrDefault()
            ?? throw new UserErrorException($"'{path}' is a saved ML.NET model without a retrieval transformer; expected one that 'vcr fit' or MultiCaptionRetrievalTrainer made.");
    }

    /// <summary>The frames that a model takes, and the count that it was saved with; opens no network.</summary>
    internal static (FrameFormat Format, int? SavedCount) FrameFormatOf(CommandContext context, string path)
    {
        if (Directory.Exists(path)) return (ImagePreprocessing.Read(path).Format, null);
        using var model = Open(context.CreateMLContext(), path);
        return (model.FrameFormat, model.FrameCount);
    }

    private static bool IsSavedModel(string path)
    {
        if (!File.Exists(path)) throw new UserErrorException($"'{path}' does not exist; expected a checkpoint folder or a saved model.");
        try
        {
            using var archive = ZipFile.OpenRead(path);
            return archive.Entries.Any(entry => entry.FullName.StartsWith(ChainEntry, StringComparison.Ordinal));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static ModelFileException NotAModel(string path) => new(path,
        "the file is not a saved model (a zip with ML.NET's TransformerChain entries). Checkpoints are read from folders in Hugging Face layout: "
        + "config.json, model.safetensors, vocab.json, merges.txt, preprocessor_config.json.");
}
