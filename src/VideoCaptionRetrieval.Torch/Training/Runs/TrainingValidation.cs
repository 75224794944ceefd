using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Measures text-to-video retrieval on held-out videos, with the same frames each time.</summary>
/// <param name="encoder">The network that is trained.</param>
/// <param name="set">The videos.</param>
/// <param name="settings">Frame count and seed.</param>
/// <param name="options">Pooling and τ.</param>
internal sealed class TrainingValidation(TorchDualEncoder encoder, ValidationSet set, TrainingRunSettings settings, MultiCaptionRetrievalOptions options)
{
    /// <summary>No epoch of a training.</summary>
    private const int OwnEpoch = -1;

    /// <summary>The captions, as queries.</summary>
    internal int Queries { get; } = set.Items.Sum(item => item.Captions.Count);

    internal RetrievalMetrics Measure(CancellationToken cancellationToken)
    {
        var (videos, owners, texts) = (new List<float[]>(), new List<int>(), new List<float[]>());
        var frames = new byte[settings.FrameCount * encoder.FrameFormat.FrameBytes];
        foreach (var item in set.Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryRead(item, frames, cancellationToken)) continue;
            var embeddings = new float[settings.FrameCount * encoder.Dimension];
            encoder.EmbedFrames(frames, settings.FrameCount, embeddings);
            var captions = new float[item.Captions.Count * encoder.Dimension];
            encoder.EmbedTexts(item.Captions, captions);
            owners.AddRange(Enumerable.Repeat(videos.Count, item.Captions.Count));
            texts.AddRange(captions.Chunk(encoder.Dimension));
            videos.Add(embeddings);
        }
        return new RetrievalEvaluator { Scoring = options.FrameScoring }
            .Evaluate(videos, texts, owners, encoder.Dimension, cancellationToken: cancellationToken).TextToVideo;
    }

    private bool TryRead(TrainingItem item, byte[] frames, CancellationToken cancellationToken)
    {
        try
        {
            set.Source.ReadTrainingFrames(item.Clip, settings.FrameCount, settings.Seed, OwnEpoch, frames, cancellationToken);
            return true;
        }
        catch (VideoReadException) when (settings.LeaveOutUnreadable)
        {
            return false;
        }
    }
}
