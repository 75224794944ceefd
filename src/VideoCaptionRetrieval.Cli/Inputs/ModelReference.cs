using System.IO.Compression;
using Microsoft.ML;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Retrieval;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>
/// What --model and --clip name: a name of the hub or a folder is a checkpoint, a zip that holds a transformer chain is a saved model, any other file holds the
/// weights of a checkpoint.
/// </summary>
internal static class ModelReference
{
    private const string ChainEntry = "TransformerChain";       // ML.NET's folder for a chain inside a saved model

    /// <summary>Opens the model with its network, so that faults show before long work starts. The caller disposes it.</summary>
    internal static MultiCaptionRetrievalTransformer Open(MLContext mlContext, string path)
    {
        var model = IsCheckpoint(path) ? mlContext.VideoRetrieval.FromCheckpoint(path) : LoadSaved(mlContext, path);
        try
        {
            _ = model.Encoder;
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Describes the model; opens no network.</summary>
    internal static ModelDescription Describe(MLContext mlContext, string path)
    {
        if (IsCheckpoint(path)) return new(path, CheckpointFormats.ReadPreprocessing(path).Format, null, FrameScoring.Default);
        using var model = LoadSaved(mlContext, path);
        return new(model.CheckpointFolder, model.FrameFormat, model.FrameCount, model.Scoring);
    }

    /// <summary>Finds the checkpoint of a CLIP, for CLIPScores; opens no network.</summary>
    /// <returns>A folder or a file: the one that was named, or a saved model's in the user's cache.</returns>
    /// <exception cref="ModelFileException">It is of another family, whose cosines are no CLIPScores, or damaged.</exception>
    internal static string FindClip(MLContext mlContext, string path)
    {
        var checkpoint = CheckpointFormats.Require<DualEncoderCheckpoint>(Describe(mlContext, path).CheckpointFolder);
        return checkpoint is ClipCheckpoint
            ? checkpoint.Path
            : throw new ModelFileException(path, $"it is a {checkpoint.Family}, which gives no CLIPScore; expected a CLIP.");
    }

    private static MultiCaptionRetrievalTransformer LoadSaved(MLContext mlContext, string path)
    {
        try
        {
            return RetrievalStage.Find(mlContext.Model.Load(path, out _));
        }
        catch (Exception e) when (e is not (ModelFileException or OutOfMemoryException))
        {
            throw new ModelFileException(path, $"the saved model cannot be opened: {Output.Faults.Message(e)}", e);
        }
    }

    /// <exception cref="ModelFileException">It is neither a checkpoint nor a saved model.</exception>
    private static bool IsCheckpoint(string path)
    {
        path = ModelHub.Locate(path, "a checkpoint or a saved model");
        if (Directory.Exists(path)) return true;
        if (IsSavedModel(path)) return false;
        try
        {
            if (CheckpointFormats.Recognises(path)) return true;
        }
        catch (ModelFileException e)
        {
            throw NotSaved(e.Message, e);
        }
        throw NotSaved("it holds no tensors of a CLIP");

        ModelFileException NotSaved(string problem, Exception? cause = null) => new(path,
            $"the file is not a saved model (a zip with ML.NET's TransformerChain entries), and cannot be read as a checkpoint: {problem}", cause);
    }

    /// <summary>Whether a file is a saved model, by its content.</summary>
    internal static bool IsSavedModel(string path)
    {
        if (!File.Exists(path)) return false;
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
}

/// <summary>What is known of a model without opening its network.</summary>
/// <param name="CheckpointFolder">
/// A folder that holds its checkpoint: the one that was named, or a saved model's in the user's cache.
/// </param>
/// <param name="Format">What its frames must look like.</param>
/// <param name="FrameCount">Frames of a video that it was saved with; null for a checkpoint.</param>
/// <param name="Scoring">How it compares a video with a text.</param>
internal sealed record ModelDescription(string CheckpointFolder, FrameFormat Format, int? FrameCount, FrameScoring Scoring);
