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

    /// <summary>Frames, captions, the best captions by CLIPScore, and the trainer.</summary>
    public static EstimatorChain<MultiCaptionRetrievalTransformer> BuildPipeline(
        MLContext mlContext, string captionStore, string models = DefaultModels)
    {
        var clip = Path.Combine(models, "clip");
        var captioners = CaptionerFolders.Select(name => (Name: name, Folder: Path.Combine(models, name), Frames: $"Frames.{name}"))
            .Where(captioner => Directory.Exists(captioner.Folder)).ToList();
        return mlContext.Transforms.SampleFrames(new FrameSamplerOptions
        {
            Columns =
            [
                FrameColumn.For("Frames", clip, FrameCount),
                .. captioners.Select(captioner => FrameColumn.For(captioner.Frames, captioner.Folder, FrameCount)),
            ],
            OnError = FrameErrorHandling.Report,
        })
            .Append(mlContext.Transforms.CaptionFrames("Captions", captionStore,
                [.. captioners.Select(captioner => Captioner.FromFolder(captioner.Folder, captioner.Frames, captioner.Name))]),
                TransformerScope.TrainTest)
            .Append(mlContext.Transforms.FilterCaptionsByClipScore("Captions", "Frames", clip, keepPerCaptioner: 2),
                TransformerScope.TrainTest)
            // Rate and temperature are the small models': leave them out with published checkpoints.
            .Append(mlContext.VideoRetrieval.Trainers.MultiCaption(clip, new()
            {
                Epochs = 10,
                BatchSize = 16,
                LearningRate = 1e-4,
                Temperature = 0.4,
            }));
    }
}
