using System.IO.Compression;
using Microsoft.ML;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Retrieval;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>What --model and --clip name: a folder is a checkpoint, a zip that holds a transformer chain is a saved model.</summary>
internal static class ModelReference
{
    private const string ChainEntry = "TransformerChain";       // ML.NET's folder for a chain inside a saved model

    /// <summary>Opens the model; its network is opened when it is needed. The caller disposes it.</summary>
    internal static MultiCaptionRetrievalTransformer Open(MLContext mlContext, string path)
    {
        if (Directory.Exists(path)) return mlContext.VideoRetrieval.FromCheckpoint(path);
        return IsSavedModel(path) ? RetrievalStage.Of(mlContext.Model.Load(path, out _)) : throw NotAModel(path);
    }

    /// <summary>A folder that holds the model's checkpoint: the named one, or a saved model's in the user's cache.</summary>
    internal static string CheckpointFolder(MLContext mlContext, string path)
    {
        if (Directory.Exists(path)) return path;
        using var model = Open(mlContext, path);
        return model.CheckpointFolder;
    }

    /// <summary>The frames that a model takes, and the count that it was saved with; opens no network.</summary>
    internal static (FrameFormat Format, int? SavedCount) FrameFormatOf(MLContext mlContext, string path)
    {
        if (Directory.Exists(path)) return (ImagePreprocessing.Read(path).Format, null);
        using var model = Open(mlContext, path);
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
