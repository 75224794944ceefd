using System.IO.Hashing;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>What a row of a data view says of a video.</summary>
/// <param name="Clip">The video.</param>
/// <param name="Captions">Its captions, none blank.</param>
/// <param name="Scores">Their CLIPScores; null where captions are not weighted by them.</param>
/// <param name="Weight">How often the video is drawn.</param>
/// <param name="Fault">Why it cannot be trained on; null where it can, and then there is a caption.</param>
/// <param name="IsReadable">Whether its frames can be read.</param>
internal sealed record TrainingRow(
    VideoClip Clip, IReadOnlyList<string> Captions, IReadOnlyList<float>? Scores, float Weight, string? Fault, bool IsReadable);

/// <summary>
/// Collects rows to videos: those of one name are one video with all their captions, as a table of a captioned data set has them. A row without a
/// caption is a fault only where no other one of its video has any.
/// </summary>
/// <param name="pool">Takes the frames of each video once, where they come from the column itself.</param>
/// <param name="asked">Normalised names of videos that validation queries are about, which need no caption.</param>
internal sealed class TrainingRows(FramePool? pool, IReadOnlySet<string> asked)
{
    private readonly VideoClipSet _clips = new();
    private readonly Dictionary<VideoClip, Video> _videos = new(ReferenceEqualityComparer.Instance);
    private readonly List<Video> _order = [];

    /// <summary>Adds the current row.</summary>
    internal void Add(TrainingRowReader reader)
    {
        var row = reader.Read();
        var clip = _clips.Add(row.Clip);
        if (!_videos.TryGetValue(clip, out var video)) _order.Add(_videos[clip] = video = new(clip, row.Fault));
        var isTaken = row.Fault is null || (row.IsReadable && asked.Contains(VideoListing.Normalise(row.Clip.VideoId)));
        if (!isTaken) return;
        if (pool is not null) AddFrames(video, reader.Frames());
        video.Add(row);
    }

    /// <summary>The videos without an error, and with a caption or a query, in the order of their first rows.</summary>
    internal IReadOnlyList<TrainingItem> Items() => [.. _order.Where(video => video.IsTaken)
        .Select(video => new TrainingItem(video.Clip, video.Captions, video.Scores.Count > 0 ? video.Scores : null, video.Weight))];

    /// <summary>The others, and why.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped() =>
        [.. _order.Where(video => !video.IsTaken).Select(video => new SkippedVideo(video.Clip.VideoId, video.Fault!))];

    private void AddFrames(Video video, ReadOnlySpan<byte> frames)
    {
        var hash = XxHash128.HashToUInt128(frames);
        if (!video.IsTaken)
        {
            pool!.Add(video.Clip, frames);
            video.Frames = hash;
        }
        else if (hash != video.Frames)
        {
            throw new InvalidDataException($"Rows of the video '{video.Clip.VideoId}' hold different frames; rows of one name are one video. Give every "
                + "video a name of its own.");
        }
    }

    private sealed class Video(VideoClip clip, string? fault)
    {
        internal VideoClip Clip => clip;

        internal string? Fault => fault;

        internal bool IsTaken { get; private set; }

        internal List<string> Captions { get; } = [];

        internal List<float> Scores { get; } = [];

        internal float Weight { get; private set; } = 1;

        internal UInt128 Frames { get; set; }

        internal void Add(TrainingRow row)
        {
            if (IsTaken && row.Weight != Weight)
            {
                throw new InvalidDataException(Invariant(
                    $"Rows of the video '{clip.VideoId}' have the weights {Weight} and {row.Weight}; rows of one name are one video, which has one weight."));
            }
            (IsTaken, Weight) = (true, row.Weight);
            Captions.AddRange(row.Captions);
            Scores.AddRange(row.Scores ?? []);
        }
    }
}
