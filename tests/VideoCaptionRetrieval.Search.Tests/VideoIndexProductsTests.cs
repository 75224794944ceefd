using Microsoft.ML;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Search.Tests;

/// <summary>Indexes of embeddings in 8 bits.</summary>
public sealed class VideoIndexProductsTests : IDisposable
{
    private const string Property = "\"integerProducts\"";

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-products-").FullName;
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _warnings = [];
    private readonly List<IDisposable> _open = [];

    public VideoIndexProductsTests()
    {
        SmallModels.WriteClip(Path.Combine(_folder, "clip"), seed: 3);
        _context.Log += (_, line) =>
        {
            if (line.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) _warnings.Add(line.RawMessage);
        };
    }

    public void Dispose()
    {
        _open.ForEach(open => open.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private string Place => Path.Combine(_folder, "index");

    private string Manifest => Path.Combine(Place, "index.json");

    private static InferenceOptions Quantised(bool precise) => new() { Precision = InferencePrecision.Quantised, PreciseProducts = precise };

    private MultiCaptionRetrievalTransformer Model(InferenceOptions inference)
    {
        var model = _context.VideoRetrieval.FromCheckpoint(Path.Combine(_folder, "clip"), frameCount: FrameRow.FrameCount);
        model.Inference = inference;
        _open.Add(model);
        return model;
    }

    [Theory]
    [InlineData(false, IntegerProducts.Plain, "plain")]
    [InlineData(true, IntegerProducts.Precise, "precise")]
    public void Create_Quantised_SaysWhichWay(bool precise, IntegerProducts expected, string word)
    {
        using (VideoIndex.Create(Place, Model(Quantised(precise)), FrameRow.View(3))) { }
        Assert.Contains($"{Property}: \"{word}\"", File.ReadAllText(Manifest));
        using var opened = VideoIndex.Open(Place);
        Assert.Equal(expected, opened.Describe().Products);
        opened.Remove("v000");
        Assert.Contains($"{Property}: \"{word}\"", File.ReadAllText(Manifest));
    }

    [Fact]
    public void Create_FloatingPoint_SaysNothingAsEarlierVersions()
    {
        using var index = VideoIndex.Create(Place, Model(new()), FrameRow.View(3));
        Assert.DoesNotContain(Property, File.ReadAllText(Manifest));
        Assert.Null(index.Describe().Products);
        index.Add(Model(Quantised(precise: true)), FrameRow.View(4));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Add_ComputedAnotherWay_Warns()
    {
        using var index = VideoIndex.Create(Place, Model(Quantised(precise: false)), FrameRow.View(3));
        index.Add(Model(Quantised(precise: false)), FrameRow.View(4));
        Assert.Empty(_warnings);

        index.Add(Model(Quantised(precise: true)), FrameRow.View(5));
        index.Add(Model(new()), FrameRow.View(6));
        Assert.Equal(2, _warnings.Count);
        Assert.All(_warnings, warning => Assert.Contains("computed in 8 bits by ONNX Runtime's fast kernels", warning));
        Assert.Contains("precise mode. They agree only to about 1e-3 in cosine", _warnings[0]);
        Assert.Contains("in floating point. They agree", _warnings[1]);
        Assert.Equal((6, IntegerProducts.Plain), (index.Count, index.Describe().Products));
    }

    [Fact]
    public void Open_OtherWord_SaysWhichAreExpected()
    {
        using (VideoIndex.Create(Place, Model(Quantised(precise: true)), FrameRow.View(3))) { }
        File.WriteAllText(Manifest, File.ReadAllText(Manifest).Replace("\"precise\"", "\"exact\""));
        var e = Assert.Throws<ModelFileException>(() => VideoIndex.Open(Place));
        Assert.Contains("The kind of integer products is 'exact'; expected 'plain' or 'precise'.", e.Message);
    }
}
