using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;

namespace VideoSearchSample;

public static partial class VideoSearch
{
    /// <summary>The folder of the checkpoints, seen from the repository's root: clip, and the captioners.</summary>
    public const string DefaultModels = "models";

    /// <summary>Frames of a video.</summary>
    public const int FrameCount = 10;

    /// <summary>Folders of captioners; those that are there write captions.</summary>
    private static readonly string[] CaptionerFolders = ["blip", "clipcap"];

    /// <summary>Trains a model on a folder of videos, without any label, and saves it as one file.</summary>
    /// <param name="outputModelPath">The file.</param>
    /// <param name="inputVideoFolder">The videos; unreadable ones are left out.</param>
    /// <param name="captionStore">Keeps finished captions: a training that was ended goes on where it was.</param>
    /// <param name="models">The folder of the checkpoints.</param>
    public static void Train(string outputModelPath, string inputVideoFolder, string captionStore, string models = DefaultModels)
    {
        var mlContext = new MLContext(seed: 1);
        var data = LoadIDataViewFromFolder(mlContext, inputVideoFolder);
        using var model = RetrainPipeline(mlContext, data, captionStore, models);
        SaveModel(mlContext, model, data, outputModelPath);
    }

    /// <summary>The videos below a folder: VideoId, VideoPath.</summary>
    public static IDataView LoadIDataViewFromFolder(MLContext mlContext, string inputVideoFolder) =>
        mlContext.Data.LoadFromVideoFolder(inputVideoFolder);

    /// <summary>Saves what embeds videos and texts: frame sampler and fine-tuned encoder, without the captioners.</summary>
    public static void SaveModel(
        MLContext mlContext, TransformerChain<MultiCaptionRetrievalTransformer> model, IDataView data, string modelSavePath) =>
        mlContext.Model.Save(model.GetModelFor(TransformerScope.Scoring), data.Schema, modelSavePath);

    /// <summary>Trains the pipeline on other videos.</summary>
    public static TransformerChain<MultiCaptionRetrievalTransformer> RetrainPipeline(
        MLContext mlContext, IDataView trainData, string captionStore, string models = DefaultModels) =>
        BuildPipeline(mlContext, captionStore, models).Fit(trainData);

    /// <summary>Builds the pipeline: frames, captions, the best captions by CLIPScore, and the trainer.</summary>
    public static EstimatorChain<MultiCaptionRetrievalTransformer> BuildPipeline(
        MLContext mlContext, string captionStore, string models = DefaultModels)
    {
        var captioners = CaptionerFolders.Select(name => Path.Combine(models, name)).Where(Directory.Exists);
        return mlContext.VideoRetrieval.CreatePipeline(new()
        {
            Checkpoint = Path.Combine(models, "clip"),
            FrameCount = FrameCount,
            Captioning = { Captioners = [.. captioners.Select(folder => Captioner.FromFolder(folder))], StorePath = captionStore },
            // Rate and temperature are the small models': leave them out with published checkpoints.
            Training = { Epochs = 10, BatchSize = 16, LearningRate = 1e-4, Objective = { QueryScoringTemperature = 0.4 } },
        });
    }
}
