using Microsoft.ML;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>Finds the retrieval transformer in a fitted pipeline.</summary>
public static class RetrievalStage
{
    /// <summary>Finds the last retrieval transformer of a model, in nested chains too.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static MultiCaptionRetrievalTransformer Find(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Stages(model).OfType<MultiCaptionRetrievalTransformer>().LastOrDefault() ?? throw new ArgumentException(
            $"The model ({model.GetType().Name}) has no retrieval transformer; expected a pipeline fitted with "
            + "VideoRetrieval.Trainers.MultiCaption, or VideoRetrieval.FromCheckpoint.",
            nameof(model));
    }

    private static IEnumerable<ITransformer> Stages(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Stages) : [model];
}
