using Microsoft.ML;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

/// <summary>Data sets that are trained together as rows of one data view; captions that people wrote, as many as each video has.</summary>
public sealed class SeveralDataSetsTests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-sets-").FullName;

    public void Dispose()
    {
        _checkpoint.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Row
    {
        public string VideoId { get; set; } = "";
        public string[] Captions { get; set; } = [];
        public float Weight { get; set; } = 1;
        [Microsoft.ML.Data.VectorType(2, SmallModels.ImageSize, SmallModels.ImageSize, 3)]
        public byte[] Frames { get; set; } = [];
    }

    private static Row Video(int number, params string[] captions)
    {
        var frames = new byte[2 * SmallModels.ImageSize * SmallModels.ImageSize * 3];
        ColouredVideos.Paint($"v{number}", new Random(number), frames);
        return new() { VideoId = $"v{number}", Captions = captions, Frames = frames };
    }

    private static List<Row> DataSet(int from, int count) => [.. Enumerable.Range(from, count).Select(i => Video(i, $"clip v{i}"))];

    private MultiCaptionRetrievalTransformer Fit(IEnumerable<Row> rows, string? checkpoint = null, Action<MultiCaptionRetrievalOptions>? change = null)
    {
        var options = new MultiCaptionRetrievalOptions { Epochs = 2, BatchSize = 3, LearningRate = 2e-3 };
        change?.Invoke(options);
        return _context.VideoRetrieval.Trainers.MultiCaption(checkpoint ?? _checkpoint.Folder, options).Fit(_context.Data.LoadFromEnumerable(rows));
    }

    [Fact]
    public void Fit_TwoViewsAppended_TrainsOnBoth()
    {
        IDataView first = _context.Data.LoadFromEnumerable(DataSet(0, 4)), second = _context.Data.LoadFromEnumerable(DataSet(4, 5));
        IEnumerable<Row> Rows(IDataView view) => _context.Data.CreateEnumerable<Row>(view, reuseRowObject: false);

        using var model = Fit(Rows(first).Concat(Rows(second)));

        Assert.Equal(6, model.Training!.Steps);       // 9 videos in batches of 3, 2 epochs
        Assert.Empty(model.SkippedVideos);
        using var same = Fit(DataSet(0, 9));
        Assert.Equal(TrainedWeights.Of(same), TrainedWeights.Of(model));
    }

    [Fact]
    public void Fit_TableWithARowForEachCaption_SameAsAVectorOfThem()
    {
        Row[] vectors = [Video(0, "a", "b", "c"), Video(1, "d"), Video(2, "e", "f"), Video(3, "g", "h")];
        List<Row> table = [.. vectors.SelectMany(video => video.Captions.Select(caption => Copy(video, caption)))];
        table.Insert(2, Copy(vectors[0], " "));     // a blank cell is no fault of a video that has captions
        var last = table.Single(row => row.Captions[0] == "c");
        table.Remove(last);
        table.Add(last);                            // nor need a video's rows be neighbours

        using var expected = Fit(vectors);
        using var got = Fit(table);

        Assert.Equal((4, 4), (expected.Training!.Videos, got.Training!.Videos));
        Assert.Empty(got.SkippedVideos);
        Assert.Equal(TrainedWeights.Of(expected), TrainedWeights.Of(got));
    }

    private static Row Copy(Row video, string caption) => new() { VideoId = video.VideoId, Frames = video.Frames, Captions = [caption] };

    [Fact]
    public void Fit_RowsOfOneNameWithOtherFramesOrWeights_NamesIt()
    {
        var other = Video(7, "x");
        other.VideoId = "v1";
        Assert.Contains("'v1' hold different frames", Assert.Throws<InvalidDataException>(() => Fit([.. DataSet(0, 3), other])).Message);
        var heavy = Copy(Video(1), "x");
        heavy.Weight = 3;
        Assert.Contains("weights 1 and 3", Assert.Throws<InvalidDataException>(() =>
            Fit([.. DataSet(0, 3), heavy], change: options => options.Columns.SamplingWeight = nameof(Row.Weight))).Message);
    }

    [Fact]
    public void Fit_WeightOfZero_IsNotCountedAsTrainedOn()
    {
        var rows = DataSet(0, 9);
        foreach (var row in rows.Take(4)) row.Weight = 0;
        using var model = Fit(rows, change: options => (options.Columns.SamplingWeight, options.Epochs) = (nameof(Row.Weight), 20));
        Assert.Equal(5, model.Training!.Videos);
    }

    [Fact]
    public void Fit_PartsOfOneFile_MaskedUnlessKept()
    {
        // A file of two parts, and two others: in a batch of 4 there are 2 negatives for a part, 3 for the others.
        List<Row> rows = [Video(0, "a"), Video(1, "b"), Video(2, "c"), Video(3, "d")];
        (rows[0].VideoId, rows[1].VideoId) = ("f#0-1", "f#1-2");
        double FirstLoss(FalseNegatives rule)
        {
            var losses = new List<double>();
            using (Fit(rows, change: options => (options.BatchSize, options.Objective.FalseNegatives, options.Progress) =
                (4, rule, new Losses(losses)))) { }
            return losses[0];
        }
        Assert.Equal(FirstLoss(FalseNegatives.MaskSameFile), FirstLoss(FalseNegatives.MaskSameFileAndCaption));
        Assert.True(FirstLoss(FalseNegatives.MaskSameFile) < FirstLoss(FalseNegatives.Keep));
        Assert.Equal(FalseNegatives.MaskSameFile, new MultiCaptionRetrievalOptions().Objective.FalseNegatives);
    }

    private sealed class Losses(List<double> losses) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => losses.Add(value.Loss);
    }

    [Fact]
    public void Fit_Weights_SameSeedSameBitsAndOthersThanWithout()
    {
        var rows = DataSet(0, 6);
        foreach (var row in rows.Take(3)) row.Weight = 4;
        void Weighted(MultiCaptionRetrievalOptions options) => options.Columns.SamplingWeight = nameof(Row.Weight);
        using var even = Fit(rows);
        using var weighted = Fit(rows, change: Weighted);
        using var again = Fit(rows, change: Weighted);
        Assert.Equal(TrainedWeights.Of(weighted), TrainedWeights.Of(again));
        Assert.NotEqual(TrainedWeights.Of(even), TrainedWeights.Of(weighted));
    }

    [Fact]
    public void Fit_WeightColumnMissingOrOfAnotherType_NamesIt()
    {
        foreach (var column in new[] { "Absent", nameof(Row.VideoId) })
            Assert.Contains($"'{column}'", Assert.Throws<ArgumentException>(() => Fit(DataSet(0, 3), change: options => options.Columns.SamplingWeight = column)).Message);
    }

    [Fact]
    public void Fit_CheckpointsOfOtherWeights_Refused()
    {
        var rows = DataSet(0, 4);
        void Options(MultiCaptionRetrievalOptions options) => (options.Checkpoints.Folder, options.Columns.SamplingWeight) = (_folder, nameof(Row.Weight));
        using (Fit(rows, change: Options)) { }
        rows[0].Weight = 2;
        Assert.Contains(_folder, Assert.Throws<InvalidOperationException>(() => Fit(rows, change: Options)).Message);
    }

    [Fact]
    public void Fit_PseudoLabelsThenCaptionsByPeople_AnyNumberOfThemAllOfThemCount()
    {
        using var first = Fit(DataSet(0, 5));
        var checkpoint = Path.Combine(_folder, "pretrained");
        first.ExportCheckpoint(checkpoint);
        string[] many = [.. Enumerable.Range(0, 20).Select(i => $"caption {i} of the first")];
        List<Row> Truth(string[] captions) => [Video(0, captions), Video(1, "one alone"), Video(2, "two of them", "here"), Video(3), Video(4, "the last")];

        using var tuned = Fit(Truth(many), checkpoint);

        Assert.Equal([new SkippedVideo("v3", "it has no caption")], tuned.SkippedVideos);
        var after = TrainedWeights.Of(tuned);
        Assert.NotEqual(TrainedWeights.Of(first), after);
        using var truthAlone = Fit(Truth(many));
        Assert.NotEqual(TrainedWeights.Of(truthAlone), after);      // it went on from the pseudo-labels
        many[19] = "something else is said at last";
        using var otherwise = Fit(Truth(many), checkpoint);
        Assert.NotEqual(TrainedWeights.Of(otherwise), after);       // the twentieth caption counts too
    }
}
