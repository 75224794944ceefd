using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoSearchSample;

/// <summary>Text-to-video search in the shape of ML.NET's model builder: one part trains, this one uses what was trained.</summary>
public static partial class VideoSearch
{
    /// <summary>A video.</summary>
    public sealed class ModelInput
    {
        [ColumnName("VideoId")]
        public string VideoId { get; set; } = "";

        [ColumnName("VideoPath")]
        public string VideoPath { get; set; } = "";
    }

    /// <summary>What the model says of a video.</summary>
    public sealed class ModelOutput
    {
        /// <summary>[D], of unit length: its product with a text's embedding is their cosine. All zeros where there is an error.</summary>
        [ColumnName("Embedding")]
        public float[] Embedding { get; set; } = [];

        /// <summary>Why the video cannot be read; empty where it can.</summary>
        [ColumnName("FrameError")]
        public string FrameError { get; set; } = "";
    }

    /// <summary>The saved model's file. Set it before the first prediction, which reads it.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("VideoSearch.mlnet");

    // A transformer is thread-safe, a PredictionEngine is not: every thread gets an engine of its own, and all share one model.
    private static readonly Lazy<ITransformer> Model = new(() => new MLContext().Model.Load(MLNetModelPath, out _));
    private static readonly ThreadLocal<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine);

    /// <summary>Embeds a video. Thread-safe.</summary>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value!.Predict(input);

    // OwnsTransformer: an engine that is disposed would take the model of all others with it.
    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine() =>
        new MLContext().Model.CreatePredictionEngine<ModelInput, ModelOutput>(
            Model.Value, new PredictionEngineOptions { OwnsTransformer = false });
}
