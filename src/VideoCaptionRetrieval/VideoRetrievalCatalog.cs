using Microsoft.ML;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Scoring;
using VideoCaptionRetrieval.Training;

namespace VideoCaptionRetrieval;

/// <summary>Text-to-video retrieval: <c>mlContext.VideoRetrieval</c>.</summary>
public sealed class VideoRetrievalCatalog
{
    internal VideoRetrievalCatalog(IHostEnvironment environment)
    {
        Environment = environment;
        Trainers = new(environment);
    }

    /// <summary>The trainers.</summary>
    public VideoRetrievalTrainers Trainers { get; }

    internal IHostEnvironment Environment { get; }

    /// <summary>Takes a checkpoint as it is, without training: zero-shot retrieval, and the baseline of any training.</summary>
    /// <param name="checkpoint">A folder with a CLIP checkpoint in Hugging Face layout. Its weights are read when they are first needed.</param>
    /// <param name="framesColumnName">The frame column that the model reads.</param>
    /// <param name="frameCount">Frames of a video, N.</param>
    /// <param name="pooling">How frames are pooled for a query.</param>
    /// <param name="temperature">τ of query scoring, above 0.</param>
    /// <param name="normaliseFrames">Whether frames are brought to unit length before they are pooled.</param>
    /// <exception cref="Models.ModelFileException">The folder is missing, or its configuration is damaged.</exception>
    public MultiCaptionRetrievalTransformer FromCheckpoint(
        string checkpoint,
        string framesColumnName = MultiCaptionRetrievalOptions.DefaultFramesColumnName,
        int frameCount = FrameColumn.DefaultCount,
        FramePooling pooling = FramePooling.QueryScoring,
        double temperature = MultiCaptionRetrievalOptions.DefaultTemperature,
        bool normaliseFrames = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(framesColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        var scoring = new FrameScoring { Pooling = pooling, Temperature = temperature, NormaliseFrames = normaliseFrames };
        return MultiCaptionRetrievalTransformer.FromCheckpoint(Environment, checkpoint,
            new(framesColumnName, MultiCaptionRetrievalOptions.DefaultFrameErrorColumnName, frameCount, scoring));
    }
}
