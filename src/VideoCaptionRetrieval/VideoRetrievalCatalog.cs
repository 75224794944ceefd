using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Retrieval;

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

    /// <summary>ML.NET's environment: its seed, its log, its devices.</summary>
    public IHostEnvironment Environment { get; }

    /// <summary>Creates a model from a checkpoint as it is: zero-shot retrieval, and the baseline of any training.</summary>
    /// <param name="checkpoint">
    /// A CLIP checkpoint in any published format: a folder, a file of weights with its tokenizer beside it, or a name that
    /// <see cref="ModelHub"/> has fetched. Its weights are read when they are first needed. Or a folder with a BLIP checkpoint for retrieval, in Hugging Face's or the authors' layout.
    /// </param>
    /// <param name="framesColumnName">The frame column to read (Vector&lt;Byte&gt; [N, S, S, 3]).</param>
    /// <param name="frameCount">The number of frames of a video, N.</param>
    /// <param name="pooling">How frames are pooled for a query.</param>
    /// <param name="temperature">τ of query scoring, above 0.</param>
    /// <param name="normaliseFrames">Whether frame embeddings are divided by their lengths before they are pooled.</param>
    /// <param name="imageSize">
    /// Width and height of frames in pixels, where they differ from the checkpoint's: its position table is then interpolated.
    /// Sample frames of that size (<see cref="FrameColumn.For"/>).
    /// </param>
    /// <exception cref="Models.ModelFileException">The folder is missing, or its configuration is damaged.</exception>
    public MultiCaptionRetrievalTransformer FromCheckpoint(
        string checkpoint,
        string framesColumnName = FrameColumn.DefaultName,
        int frameCount = FrameColumn.DefaultCount,
        FramePooling pooling = FramePooling.QueryScoring,
        double temperature = FrameScoring.DefaultTemperature,
        bool normaliseFrames = false,
        int? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(framesColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        var scoring = new FrameScoring { Pooling = pooling, Temperature = temperature, NormaliseFrames = normaliseFrames };
        return MultiCaptionRetrievalTransformer.FromCheckpoint(Environment, checkpoint,
            new(framesColumnName, frameCount, scoring), imageSize);
    }

    /// <summary>
    /// Creates an estimator that ends a pipeline with a checkpoint as it is, where <see cref="FromCheckpoint"/> gives the transformer alone:
    /// <c>mlContext.Transforms.SampleFrames(…).Append(mlContext.VideoRetrieval.FrozenEncoder("clip-vit-base-patch16"))</c>.
    /// </summary>
    /// <param name="checkpoint">As for <see cref="FromCheckpoint"/>.</param>
    /// <param name="framesColumnName">The frame column to read (Vector&lt;Byte&gt; [N, S, S, 3]).</param>
    /// <param name="pooling">How frames are pooled for a query.</param>
    /// <param name="temperature">τ of query scoring, above 0.</param>
    /// <param name="normaliseFrames">Whether frame embeddings are divided by their lengths before they are pooled.</param>
    /// <param name="imageSize">Width and height of frames in pixels, where they differ from the checkpoint's.</param>
    public FrozenEncoderEstimator FrozenEncoder(
        string checkpoint,
        string framesColumnName = FrameColumn.DefaultName,
        FramePooling pooling = FramePooling.QueryScoring,
        double temperature = FrameScoring.DefaultTemperature,
        bool normaliseFrames = false,
        int? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpoint);
        ArgumentException.ThrowIfNullOrEmpty(framesColumnName);
        return new(Environment, checkpoint, framesColumnName,
            new() { Pooling = pooling, Temperature = temperature, NormaliseFrames = normaliseFrames }, imageSize);
    }

    /// <summary>Measures retrieval in both directions: recall at 1, 5, 10 and 50, median and mean rank, mean reciprocal rank.</summary>
    /// <remarks>
    /// Only frames are read and embedded; captioners of the pipeline do not run. Videos that cannot be read (FrameSampler's OnError =
    /// Report) are left out and listed; their queries count as queries without a video.
    /// </remarks>
    /// <param name="model">A fitted pipeline with a retrieval transformer, or that transformer alone.</param>
    /// <param name="videos">What <paramref name="model"/> takes, with the column VideoId (Text).</param>
    /// <param name="queries">
    /// Columns VideoId (Text) and Text (Text, or a vector of Text for one query of several sentences); several rows may name one video.
    /// </param>
    /// <param name="options">Tie rule, protocol, pooling, column names; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing, or there is no query.</exception>
    public RetrievalEvaluation Evaluate(ITransformer model, IDataView videos, IDataView queries, RetrievalEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentNullException.ThrowIfNull(queries);
        var evaluation = ModelEvaluation.Run(model, videos, queries, options ?? new());
        using var channel = Environment.Register(nameof(VideoRetrievalCatalog)).Start(nameof(Evaluate));
        channel.Report(string.Create(CultureInfo.InvariantCulture,
            $"Text to video: R@1 {evaluation.TextToVideo.RecallAt1:0.0}, R@5 {evaluation.TextToVideo.RecallAt5:0.0}, "
            + $"median rank {evaluation.TextToVideo.MedianRank:0.#}, {evaluation.TextToVideo.Queries} queries, "
            + $"{evaluation.Skipped.Count} videos skipped"));
        return evaluation;
    }
}
