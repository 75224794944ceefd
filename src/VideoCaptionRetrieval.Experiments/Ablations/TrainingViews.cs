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
        mlContext.Transforms.SampleFrames(SamplerOptions(columns)).Fit(videos);

    /// <summary>The frames that the checkpoint which is trained takes of a video.</summary>
    internal FrameColumn TrainedFrames(string? checkpoint) => models.TrainedFrames(checkpoint, Condition.CaptionedFrames);

    /// <summary>Videos without captions.</summary>
    internal IDataView Videos(IEnumerable<VideoClip> clips) => Rows(clips.Select(clip =>
        new TrainingRow { VideoId = clip.VideoId, VideoPath = clip.Path, ClipStart = (float)clip.Start, ClipEnd = (float)clip.End }));

    /// <summary>Decodes each video once, so that whatever frames are asked for later are at hand.</summary>
    internal void KeepFrames(IReadOnlyList<VideoClip> clips, int framesPerVideo)
    {
        var formats = FrameColumn.Shared(models.Formats, framesPerVideo).Values.ToArray();
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

    /// <summary>The library's pipeline for a condition.</summary>
    /// <param name="condition">How to train.</param>
    /// <param name="training">The trainer's options.</param>
    /// <param name="captioned">Whether captioners write the captions; else they are in the data.</param>
    internal CaptionTrainingOptions Pipeline(Condition condition, MultiCaptionRetrievalOptions training, bool captioned) => new()
    {
        Checkpoint = condition.Checkpoint ?? models.Clip,
        ScoreClip = models.Clip,
        FrameCount = Condition.CaptionedFrames,
        Sampling = SamplerOptions([]),
        Captioning = new()
        {
            OutputColumnName = Captions,
            Captioners = captioned ? models.CreateCaptioners(condition.Captioners) : [],
            StorePath = Path.Combine(workFolder, "captions"),
            ImagesPerBatch = 160,
        },
        Selection = new()
        {
            Selection = condition.Selection,
            KeepPerCaptioner = condition.Keep,
            KeepOverall = condition.Keep,
            Inference = SingleThread.Inference,
        },
        Training = training,
        CancellationToken = cancellationToken,
    };

    /// <summary>The training videos of a condition.</summary>
    internal IDataView Videos(Condition condition, IReadOnlyList<ExperimentData> sets) => Videos(Clips(condition, sets));

    /// <summary>The training videos with what people say of them.</summary>
    internal IDataView WithTruth(Condition condition, IReadOnlyList<ExperimentData> sets) => Rows(Truth(condition, sets));

    /// <summary>The training videos, each with the captions of the one half a set away, which is never itself.</summary>
    internal IDataView Shuffled(Condition condition, IReadOnlyList<ExperimentData> sets)
    {
        var rows = Selected(condition, sets);
        return Rows(rows.Select((row, i) => new TrainingRow
        {
            VideoId = row.VideoId,
            VideoPath = row.VideoPath,
            ClipStart = row.ClipStart,
            ClipEnd = row.ClipEnd,
            Captions = rows[(i + (rows.Count / 2)) % rows.Count].Captions,
        }));
    }

    /// <summary>The training videos with the captions that captioners write and the CLIP keeps.</summary>
    internal IReadOnlyList<TrainingRow> Selected(Condition condition, IReadOnlyList<ExperimentData> sets)
    {
        var videos = Videos(condition, sets);
        using var captioned = mlContext.VideoRetrieval.CreateCaptionPipeline(Pipeline(condition, new(), captioned: true)).Fit(videos);
        return [.. mlContext.Data.CreateEnumerable<TrainingRow>(captioned.Transform(videos), reuseRowObject: false)];
    }

    private static IEnumerable<VideoClip> Clips(Condition condition, IReadOnlyList<ExperimentData> sets) =>
        sets.SelectMany(set => Clips(condition, set).Select(clip => clip with { VideoId = Name(clip, set, sets) }));

    private static IEnumerable<VideoClip> Clips(Condition condition, ExperimentData set) => set.Train.Take(condition.Videos ?? int.MaxValue);

    private static IEnumerable<TrainingRow> Truth(Condition condition, IReadOnlyList<ExperimentData> sets) => sets.SelectMany(set =>
    {
        var sentences = set.Truth.ToLookup(one => one.VideoId, one => one.Text);
        return Clips(condition, set).Select(clip => new TrainingRow
        {
            VideoId = Name(clip, set, sets),
            VideoPath = clip.Path,
            ClipStart = (float)clip.Start,
            ClipEnd = (float)clip.End,
            Captions = [.. sentences[VideoListing.Normalise(clip.VideoId)].Take(condition.TruthSentences ?? int.MaxValue)],
        });
    });

    /// <summary>A video's name among all that are trained on: worlds number their videos alike.</summary>
    private static string Name(VideoClip clip, ExperimentData set, IReadOnlyList<ExperimentData> sets) =>
        sets.Count == 1 ? clip.VideoId : $"{set.Name}/{clip.VideoId}";

    private FrameSamplerOptions SamplerOptions(IReadOnlyList<FrameColumn> columns) => new()
    {
        Columns = columns,
        Cache = new() { Folder = Path.Combine(workFolder, "frames") },
        CancellationToken = cancellationToken,
    };

    private IDataView Rows(IEnumerable<TrainingRow> rows) => mlContext.Data.LoadFromEnumerable(rows.ToArray());

    /// <summary>Still images as videos of one frame: columns Frames and Captions.</summary>
    internal IDataView Stills(CaptionedImages stills)
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

/// <summary>A row for ML.NET: a video and the captions that it is trained with.</summary>
internal sealed class TrainingRow
{
    /// <summary>The video's name.</summary>
    public string VideoId { get; set; } = "";

    /// <summary>Its file.</summary>
    public string VideoPath { get; set; } = "";

    /// <summary>Start of the part in seconds; NaN = the beginning.</summary>
    public float ClipStart { get; set; } = float.NaN;

    /// <summary>End of the part in seconds; NaN = the end.</summary>
    public float ClipEnd { get; set; } = float.NaN;

    /// <summary>Captions [L].</summary>
    public string[] Captions { get; set; } = [];
}
