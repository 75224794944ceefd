using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>
/// The data views that conditions train on. Frames are decoded once and captions are written once: both lie in the work folder, and all
/// conditions share them. Not thread-safe.
/// </summary>
/// <param name="mlContext">Its seed has no part in the views.</param>
/// <param name="models">CLIP and captioners.</param>
/// <param name="workFolder">Where frames and captions are kept.</param>
/// <param name="progress">Takes lines for people.</param>
/// <param name="cancellationToken">Ends the work; finished captions are kept.</param>
internal sealed class TrainingViews(
    MLContext mlContext, ExperimentModels models, string workFolder, IProgress<string>? progress, CancellationToken cancellationToken)
{
    private const string Captions = "Captions";

    /// <summary>Sees the frames of videos as the models take them; no frame is decoded yet.</summary>
    internal FrameSamplerTransformer Sampler(IDataView videos, params FrameColumn[] columns) =>
        mlContext.Transforms.SampleFrames(new FrameSamplerOptions
        {
            Columns = columns,
            Cache = new() { Folder = Path.Combine(workFolder, "frames") },
            CancellationToken = cancellationToken,
        }).Fit(videos);

    /// <summary>The frames that the checkpoint which is trained takes of a video.</summary>
    internal FrameColumn TrainedFrames(string? checkpoint) => models.TrainedFrames(checkpoint, Condition.CaptionedFrames);

    /// <summary>Videos without captions.</summary>
    internal IDataView Videos(IEnumerable<VideoClip> clips) => Rows(clips.Select(clip => new TrainingRow { VideoId = clip.VideoId, VideoPath = clip.Path }));

    /// <summary>Decodes each video once, so that whatever frames are asked for later are at hand.</summary>
    internal void KeepFrames(IReadOnlyList<VideoClip> clips, int framesPerVideo)
    {
        var formats = models.Columns(framesPerVideo).Values.ToArray();
        var videos = Videos(clips);
        var view = Sampler(videos, formats).Transform(videos);
        using var cursor = view.GetRowCursor(formats.Select(column => view.Schema[column.Name]));
        var getters = formats.Select(column => cursor.GetGetter<VBuffer<byte>>(view.Schema[column.Name])).ToArray();
        VBuffer<byte> frames = default;
        for (var done = 1; cursor.MoveNext(); done++)
        {
            foreach (var get in getters) get(ref frames);
            if (done % 100 == 0) progress?.Report($"  {done} of {clips.Count} videos decoded");
        }
    }

    /// <summary>What a condition trains on: columns Captions, and <see cref="TrainedFrames"/>.</summary>
    internal IDataView Of(Condition condition, IReadOnlyList<ExperimentData> sets, CaptionedImages? stills) => condition.Captions switch
    {
        CaptionOrigin.Stills => Stills(stills ?? throw new ArgumentException("There are no still images to train on.", nameof(stills))),
        CaptionOrigin.Truth => Labelled(condition, Truth(condition, sets)),
        CaptionOrigin.Shuffled => Labelled(condition, Shuffled(Selected(condition, sets))),
        _ => Captioned(condition, sets),
    };

    /// <summary>The training videos with what people say of them.</summary>
    internal IDataView OfTruth(Condition condition, IReadOnlyList<ExperimentData> sets) => Labelled(condition, Truth(condition, sets));

    /// <summary>The captions that are left of each video.</summary>
    internal IReadOnlyList<TrainingRow> Selected(Condition condition, IReadOnlyList<ExperimentData> sets) =>
        [.. mlContext.Data.CreateEnumerable<TrainingRow>(Captioned(condition, sets), reuseRowObject: false)];

    private static IEnumerable<VideoClip> Clips(Condition condition, IReadOnlyList<ExperimentData> sets) =>
        sets.SelectMany(set => set.Train.Take(condition.Videos ?? int.MaxValue));

    /// <summary>The library's own chain: frames, captions, the best of them.</summary>
    private IDataView Captioned(Condition condition, IReadOnlyList<ExperimentData> sets)
    {
        var videos = Videos(Clips(condition, sets));
        var columns = models.Columns(Condition.CaptionedFrames, condition.Checkpoint);
        var frames = Sampler(videos, [.. columns.Values]).Transform(videos);
        var captioner = mlContext.Transforms.CaptionFrames(new ImageCaptionerOptions
        {
            OutputColumnName = Captions,
            Captioners = models.Create(condition.Captioners, columns),
            StorePath = Path.Combine(workFolder, "captions"),
            ImagesPerBatch = 160,
            CancellationToken = cancellationToken,
        }).Fit(frames);
        var captioned = captioner.Transform(frames);
        return mlContext.Transforms.FilterCaptionsByClipScore(new ClipScoreFilterOptions
        {
            CaptionsColumnName = Captions,
            FramesColumnName = "Frames",
            CheckpointFolder = models.Clip,
            Selection = condition.Selection,
            KeepPerCaptioner = condition.Keep,
            KeepOverall = condition.Keep,
            Inference = SingleThread.Inference,
            CancellationToken = cancellationToken,
        }).Fit(captioned).Transform(captioned);
    }

    private static IEnumerable<TrainingRow> Truth(Condition condition, IReadOnlyList<ExperimentData> sets)
    {
        var sentences = sets.SelectMany(set => set.Truth).ToLookup(one => one.VideoId, one => one.Text);
        return Clips(condition, sets).Select(clip => new TrainingRow
        {
            VideoId = clip.VideoId,
            VideoPath = clip.Path,
            Captions = [.. sentences[VideoListing.Normalise(clip.VideoId)].Take(condition.TruthSentences ?? int.MaxValue)],
        });
    }

    /// <summary>Each video gets the captions of the one half a set away, which is never itself.</summary>
    private static IEnumerable<TrainingRow> Shuffled(IReadOnlyList<TrainingRow> rows) => rows.Select((row, i) => new TrainingRow
    {
        VideoId = row.VideoId,
        VideoPath = row.VideoPath,
        Captions = rows[(i + (rows.Count / 2)) % rows.Count].Captions,
    });

    private IDataView Labelled(Condition condition, IEnumerable<TrainingRow> rows)
    {
        var videos = Rows(rows);
        return Sampler(videos, TrainedFrames(condition.Checkpoint)).Transform(videos);
    }

    private IDataView Rows(IEnumerable<TrainingRow> rows) => mlContext.Data.LoadFromEnumerable(rows.ToArray());

    private IDataView Stills(CaptionedImages stills)
    {
        var schema = SchemaDefinition.Create(typeof(StillRow));
        schema[nameof(StillRow.Frames)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, 1, StillImages.Size, StillImages.Size, 3);
        return mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, stills.Captions.Count).Select(i => new StillRow
        {
            VideoId = $"still {i}",
            Frames = stills.Images.Image(i).ToArray(),
            Captions = [stills.Captions[i]],
        }), schema);
    }

    /// <summary>A still image as a video of one frame.</summary>
    private sealed class StillRow
    {
        public string VideoId { get; set; } = "";

        public byte[] Frames { get; set; } = [];

        public string[] Captions { get; set; } = [];
    }
}
