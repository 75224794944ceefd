using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments.ShapeWorld;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Clip;

namespace VideoCaptionRetrieval.Experiments.Tests.ClosedWorld;

/// <summary>The models that lie in models/, in pipelines as users have them.</summary>
public sealed class ShippedModelsTests : IDisposable
{
    private const int Videos = 3, Frames = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-shipped-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Model(string name) => Path.Combine(ReferenceFolder.Repository, "models", name);

    private IDataView Clips(MLContext context)
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var folder = Path.Combine(_folder, "videos");
        if (!Directory.Exists(folder)) ShapeWorldVideos.WriteVideos(folder, "shipped", Videos, new() { Seed = 8 });
        return context.Data.LoadFromVideoFolder(folder);
    }

    /// <summary>The model as another program finds it.</summary>
    private ITransformer SavedAndLoaded(ITransformer model, DataViewSchema schema)
    {
        var zip = Path.Combine(_folder, "model.zip");
        new MLContext(seed: 1).Model.Save(model, schema, zip);
        return new MLContext(seed: 2).Model.Load(zip, out _);
    }

    [SkippableTheory]
    [InlineData("clip")]
    [InlineData("blip-retrieval")]
    public void Embedding_SavedAndLoaded_IsTheSame(string name)
    {
        var context = new MLContext(seed: 1);
        var videos = Clips(context);
        var sampler = context.Transforms.SampleFrames("VideoPath", FrameColumn.For("Frames", Model(name), Frames)).Fit(videos);
        using var model = new TransformerChain<MultiCaptionRetrievalTransformer>(sampler, context.VideoRetrieval.FromCheckpoint(Model(name), frameCount: Frames));
        var embeddings = model.Transform(videos).GetColumn<float[]>("Embedding").ToList();
        Assert.Equal(Videos, embeddings.Select(embedding => embedding[0]).Distinct().Count());
        Assert.Equal(embeddings, SavedAndLoaded(model, videos.Schema).Transform(videos).GetColumn<float[]>("Embedding"));
    }

    [SkippableFact]
    public void Captions_SavedAndLoaded_AreTheSame()
    {
        var context = new MLContext(seed: 1);
        var videos = Clips(context);
        var model = context.Transforms.SampleFrames("VideoPath", FrameColumn.For("Frames", Model("clip"), Frames), FrameColumn.For("LargeFrames", Model("blip"), Frames))
            .Append(context.Transforms.CaptionFrames("Captions", null, Captioner.Blip(Model("blip"), "LargeFrames"), Captioner.ClipCap(Model("clipcap"), "Frames"))).Fit(videos);
        var captions = model.Transform(videos).GetColumn<string[]>("Captions").ToList();
        Assert.All(captions, ofVideo => Assert.Equal(2 * Frames, ofVideo.Count(caption => caption.Contains(' '))));
        Assert.Equal(captions, SavedAndLoaded(model, videos.Schema).Transform(videos).GetColumn<string[]>("Captions"));
    }

    [Fact]
    public void Clip_InOnnxRuntimeAndInLibtorch_GivesTheSameEmbeddings()
    {
        const int Count = 40;
        var (pixels, labels) = new StillImages(9).HeldOut(Count);
        using var torch = TorchClipEncoder.Load(Model("clip"));
        using var onnx = OnnxClipEncoder.Open(ClipCheckpoint.Open(Model("clip")));
        string[] texts = [.. labels.Select(label => label.Caption), "A red circle slides past a blue square.", "Etwas anderes: 日本!"];
        float[] Images(Models.IDualEncoder encoder)
        {
            var embeddings = new float[Count * encoder.Dimension];
            encoder.EmbedFrames(pixels, Count, embeddings);
            return embeddings;
        }
        float[] Texts(Models.IDualEncoder encoder)
        {
            var embeddings = new float[texts.Length * encoder.Dimension];
            encoder.EmbedTexts(texts, embeddings);
            return embeddings;
        }
        Assert.All(Images(torch).Concat(Texts(torch)).Zip(Images(onnx).Concat(Texts(onnx))), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4f));
    }
}
