using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Measures text-to-video retrieval on the validation set, with the same frames each time; each caption is a query for its video.</summary>
/// <param name="encoder">The network that is trained.</param>
/// <param name="videos">The validation set.</param>
/// <param name="scoring">Pooling and τ.</param>
internal sealed class TrainingValidation(TorchDualEncoder encoder, VideoSet videos, FrameScoring scoring)
{
    /// <summary>Draws other frames than any epoch of a training.</summary>
    private const int OwnDraw = -1;

    internal RetrievalMetrics Measure(CancellationToken cancellationToken)
    {
        var (embedded, targets, texts) = (new List<float[]>(), new List<int>(), new List<float[]>());
        var frames = new byte[videos.BytesPerVideo];
        foreach (var item in videos.Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryRead(item, frames, cancellationToken)) continue;
            var embeddings = new float[videos.FrameCount * encoder.Dimension];
            encoder.EmbedFrames(frames, videos.FrameCount, embeddings);
            var captions = new float[item.Captions.Count * encoder.Dimension];
            encoder.EmbedTexts(item.Captions, captions);
            targets.AddRange(Enumerable.Repeat(embedded.Count, item.Captions.Count));
            texts.AddRange(captions.Chunk(encoder.Dimension));
            embedded.Add(embeddings);
        }
        return new RetrievalEvaluator { Scoring = scoring }
            .Evaluate(embedded, texts, targets, encoder.Dimension, cancellationToken: cancellationToken).TextToVideo;
    }

    private bool TryRead(TrainingItem item, byte[] frames, CancellationToken cancellationToken)
    {
        try
        {
            videos.ReadFrames(item, OwnDraw, frames, cancellationToken);
            return true;
        }
        catch (VideoReadException) when (videos.LeaveOutUnreadable)
        {
            return false;
        }
    }
}
