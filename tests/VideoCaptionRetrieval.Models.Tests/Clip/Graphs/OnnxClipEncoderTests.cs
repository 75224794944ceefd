using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Tests.Clip.Graphs;

public sealed class OnnxClipEncoderTests : IDisposable
{
    private const double Tolerance = 1e-4;      // absolute; about 1e-6 is seen
    private static readonly string[] Texts = ["a dog", "", "a much longer text about dogs, dogs and dogs, which is cut", "cat"];
    private readonly List<IDisposable> _open = [];

    public void Dispose() => _open.ForEach(open => open.Dispose());

    public static TheoryData<string> Configs => ["plain", "gelu", "gelu_tanh", "legacy end", "patch does not divide", "epsilon"];

    [Theory]
    [MemberData(nameof(Configs))]
    public void Embed_GraphOfWeights_EqualsTheNetwork(string name)
    {
        var clip = Open(Config(name));
        AssertSame(clip, FromWeights(clip.Folder));
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Embed_WeightsOfOtherTypes_EqualsTheNetwork(ScalarType type)
    {
        var clip = Open(TinyClip.Config);
        Rewrite(clip, tensor => tensor.to(type));
        AssertSame(clip, FromWeights(clip.Folder));
    }

    [Fact]
    public void Embed_WeightsBehindALink_EqualsTheNetwork()
    {
        var clip = Open(TinyClip.Config);
        var blobs = Directory.CreateDirectory(clip.Sibling("blobs")).FullName;
        File.Move(clip.File("model.safetensors"), Path.Combine(blobs, "0123"));
        File.CreateSymbolicLink(clip.File("model.safetensors"), Path.Combine(blobs, "0123"));
        AssertSame(clip, FromWeights(clip.Folder));
    }

    [Fact]
    public void Embed_FolderBehindALink_EqualsTheNetwork()
    {
        var clip = Open(TinyClip.Config);
        Directory.CreateSymbolicLink(clip.Sibling("link"), clip.Folder);
        AssertSame(clip, FromWeights(clip.Sibling("link")));
    }

    [Fact]
    public void FromWeights_GpuThatIsNotThere_ErrorOrTheCpu()
    {
        var clip = Open(TinyClip.Config);
        var e = Assert.Throws<InvalidOperationException>(() => FromWeights(clip.Folder, device: new(Gpu: 97)));
        Assert.Contains("CUDA device 97", e.Message);
        Assert.Contains("FallbackToCpu", e.Message);
        AssertSame(clip, FromWeights(clip.Folder, device: new(Gpu: 97, FallbackToCpu: true)));
    }

    [Fact]
    public void Embed_ValuesInMemoryStridesAndOddOffsets_EqualsTheNetwork()
    {
        var clip = Open(TinyClip.Config);
        using var file = new SafetensorsFile(clip.File("model.safetensors"));
        var transposed = Transposed(file, clip.Sibling("transposed.bin"));
        AssertSame(clip, Keep(new WeightsFile("mixed", transposed)), "mixed");
    }

    [Fact]
    public void WriteBeside_Folder_GraphsPointIntoTheWeightsAndEqualTheNetwork()
    {
        var clip = Open(TinyClip.Config);
        using (var weights = new SafetensorsFile(clip.File("model.safetensors"))) ClipGraphs.WriteBeside(clip.Folder, TinyClip.Config, weights);
        var files = OnnxGraphFiles.Beside(clip.Folder)!;
        Assert.True(files.Files.Sum(file => new FileInfo(file).Length) < 30_000, "the graphs hold weights");
        AssertSame(clip, FromGraphs(clip, files));
    }

    [Theory]
    [InlineData(long.MaxValue, new[] { "text_model.onnx", "vision_model.onnx" })]
    [InlineData(100, new[] { "text_model.onnx", "text_model.onnx_data", "vision_model.onnx", "vision_model.onnx_data" })]
    public void Export_Folder_HoldsItsWeightsAndEqualsTheNetwork(long maxGraphBytes, string[] expected)
    {
        var clip = Open(TinyClip.Config);
        Rewrite(clip, tensor => tensor.to(ScalarType.Float16));
        var folder = clip.Sibling("export");
        using (var weights = new SafetensorsFile(clip.File("model.safetensors"))) ClipGraphs.Export(folder, TinyClip.Config, weights, maxGraphBytes);
        Assert.Equal(expected, Directory.GetFiles(Path.Combine(folder, "onnx")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertSame(clip, FromGraphs(clip, OnnxGraphFiles.Find(folder)!));
    }

    [Theory]
    [InlineData(null)]      // as this processor needs it
    [InlineData(true)]
    public void Embed_Quantised_PointsNearlyTheSameWay(bool? preciseProducts)
    {
        var clip = Open(TinyClip.Config);
        using var network = TorchClipEncoder.Load(clip.Folder);
        var quantised = FromWeights(clip.Folder, Quantised(preciseProducts));
        var (expected, got) = (Embed(network), Embed(quantised));
        Assert.NotEqual(expected, got);
        Closeness.AssertSameWay("quantised", expected, got, 8, leastCosine: 0.99f);
    }

    [Fact]
    public void Embed_QuantisedInPreciseMode_PointsTheWayOfTheProcessorsOwnMode()
    {
        var clip = Open(TinyClip.Config);
        var (own, precise) = (FromWeights(clip.Folder, Quantised(null)), FromWeights(clip.Folder, Quantised(true)));
        Closeness.AssertSameWay("precise mode", Embed(own), Embed(precise), 8, leastCosine: 1 - 1e-3f);
    }

    [Fact]
    public void Embed_ManyThreadsAndBatches_SameAsAlone()
    {
        var clip = Open(TinyClip.Config);
        var encoder = FromWeights(clip.Folder, new() { Threads = 1 });
        var expected = Embed(encoder);
        Parallel.For(0, 32, _ => Assert.Equal(expected, Embed(encoder)));
        Assert.Equal(expected.Take(8), Embed(encoder, frames: 1, texts: 0), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(40 * 8, Embed(encoder, frames: 40, texts: 0).Length);
    }

    [Fact]
    public async Task Dispose_WhileOthersEmbed_TheyEndOrAreRefused()
    {
        var folder = Open(TinyClip.Config).Folder;
        for (var round = 0; round < 20; round++)
        {
            var encoder = FromWeights(folder, new() { Threads = 1 });
            var expected = Embed(encoder);
            var running = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                while (true) Assert.Equal(expected, Embed(encoder));
            })).ToList();
            await Task.Delay(round);
            encoder.Dispose();
            foreach (var task in running) await Assert.ThrowsAsync<ObjectDisposedException>(() => task);
        }
    }

    [Fact]
    public void Embed_WrongLengths_NamesBoth()
    {
        var encoder = FromWeights(Open(TinyClip.Config).Folder);
        Assert.Contains("768 bytes", Assert.Throws<ArgumentException>(() => encoder.EmbedFrames(new byte[5], 1, new float[8])).Message);
        Assert.Contains("8 values", Assert.Throws<ArgumentException>(() => encoder.EmbedTexts(["a"], new float[5])).Message);
    }

    [Fact]
    public void FromWeights_MissingOrWrongTensor_NamesIt()
    {
        var clip = Open(TinyClip.Config);
        Rewrite(clip, (name, tensor) => name == "visual_projection.weight" ? tensor.t().contiguous() : tensor);
        Assert.Contains("'visual_projection.weight' has shape [24, 8]", Assert.Throws<ModelFileException>(() => FromWeights(clip.Folder)).Message);
    }

    [Theory]
    [InlineData(0, "cannot open the graph")]
    [InlineData(40, "cannot open the graph")]
    [InlineData(100, "cannot open the graph")]
    public void FromGraphs_DamagedFile_NamesIt(int length, string problem)
    {
        var clip = Open(TinyClip.Config);
        using (var weights = new SafetensorsFile(clip.File("model.safetensors"))) ClipGraphs.Export(clip.Folder, TinyClip.Config, weights);
        var files = OnnxGraphFiles.Find(clip.Folder)!;
        File.WriteAllBytes(files.Vision, File.ReadAllBytes(files.Vision)[..length]);
        var e = Assert.Throws<ModelFileException>(() => FromGraphs(clip, files));
        Assert.Equal(files.Vision, e.Path);
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void FromGraphs_TowersExchanged_SaysWhatTheGraphHas()
    {
        var clip = Open(TinyClip.Config);
        using (var weights = new SafetensorsFile(clip.File("model.safetensors"))) ClipGraphs.Export(clip.Folder, TinyClip.Config, weights);
        var files = OnnxGraphFiles.Find(clip.Folder)!;
        var e = Assert.Throws<ModelFileException>(() => FromGraphs(clip, new(files.Vision, files.Text)));
        Assert.Contains("'input_ids'", e.Message);
        Assert.Contains("'image_embeds'", e.Message);
    }

    [Fact]
    public void FromGraphs_OtherImageSize_NamesBoth()
    {
        var clip = Open(TinyClip.Config);
        using (var weights = new SafetensorsFile(clip.File("model.safetensors"))) ClipGraphs.Export(clip.Folder, TinyClip.Config, weights);
        clip.Edit("config.json", "\"image_size\": 16", "\"image_size\": 24");
        var e = Assert.Throws<ModelFileException>(() => FromGraphs(clip, OnnxGraphFiles.Find(clip.Folder)!));
        Assert.Contains("[-1, 3, 16, 16]", e.Message);
        Assert.Contains("24", e.Message);
    }

    [Fact]
    public void Validate_WrongOptions_ListsAll()
    {
        var options = new InferenceOptions { Threads = -1, GraphOptimization = (GraphOptimization)9, Precision = (InferencePrecision)7 };
        var e = Assert.Throws<ArgumentException>(options.Validate);
        Assert.All(new[] { "Threads is '-1'", "GraphOptimization is '9'", "Precision is '7'" }, fault => Assert.Contains(fault, e.Message));
    }

    private static ClipConfig Config(string name)
    {
        var config = TinyClip.Config;
        ClipConfig Both(Func<ClipTowerConfig, ClipTowerConfig> change) => config with
        {
            Text = config.Text with { Tower = change(config.Text.Tower) },
            Vision = config.Vision with { Tower = change(config.Vision.Tower) },
        };
        return name switch
        {
            "gelu" => Both(tower => tower with { Activation = ClipActivation.Gelu }),
            "gelu_tanh" => Both(tower => tower with { Activation = ClipActivation.GeluTanh }),
            "legacy end" => config with { Text = config.Text with { EndOfTextId = ClipTextConfig.LegacyEndOfTextId } },
            "patch does not divide" => config with { Vision = config.Vision with { PatchSize = 7 } },
            "epsilon" => Both(tower => tower with { LayerNormEpsilon = 1e-2 }),
            _ => config,
        };
    }

    private static InferenceOptions Quantised(bool? preciseProducts) =>
        new() { Precision = InferencePrecision.Quantised, PreciseProducts = preciseProducts };

    private TinyClip Open(ClipConfig config) => Keep(new TinyClip(config));

    private T Keep<T>(T open) where T : IDisposable
    {
        _open.Add(open);
        return open;
    }

    private OnnxClipEncoder FromWeights(string folder, InferenceOptions? options = null, InferenceDevice device = default) =>
        FromFile(folder, Keep(new SafetensorsFile(Path.Combine(folder, "model.safetensors"))), options, device);

    private OnnxClipEncoder FromFile(string folder, WeightsFile weights, InferenceOptions? options = null, InferenceDevice device = default)
    {
        var config = ClipConfig.Read(folder);
        return Keep(OnnxClipEncoder.FromWeights(weights, config, Tokenizer(folder, config), CheckpointFormats.ReadPreprocessing(folder), options, device));
    }

    private OnnxClipEncoder FromGraphs(TinyClip clip, OnnxGraphFiles files)
    {
        var config = ClipConfig.Read(clip.Folder);
        return Keep(OnnxClipEncoder.FromGraphs(files, config, Tokenizer(clip.Folder, config), CheckpointFormats.ReadPreprocessing(clip.Folder)));
    }

    private static ClipTokenizer Tokenizer(string folder, ClipConfig config) => ClipTokenizer.Load(folder, contextLength: config.Text.ContextLength);

    private static void AssertSame(TinyClip clip, OnnxClipEncoder encoder)
    {
        using var network = TorchClipEncoder.Load(clip.Folder);
        Assert.Equal(network.Dimension, encoder.Dimension);
        Assert.Equal(network.FrameFormat, encoder.FrameFormat);
        Assert.Equal(Embed(network), Embed(encoder), (a, b) => Math.Abs(a - b) <= Tolerance);
    }

    private void AssertSame(TinyClip clip, WeightsFile weights, string _) => AssertSame(clip, FromFile(clip.Folder, weights));

    private static float[] Embed(IDualEncoder encoder, int frames = 3, int texts = 4)
    {
        var bytes = new byte[frames * encoder.FrameFormat.FrameBytes];
        new Random(3).NextBytes(bytes);
        var embeddings = new float[(frames + texts) * encoder.Dimension];
        encoder.EmbedFrames(bytes, frames, embeddings.AsSpan(0, frames * encoder.Dimension));
        encoder.EmbedTexts(Texts[..texts], embeddings.AsSpan(frames * encoder.Dimension));
        return embeddings;
    }

    private static void Rewrite(TinyClip clip, Func<Tensor, Tensor> change) => Rewrite(clip, (_, tensor) => change(tensor));

    private static void Rewrite(TinyClip clip, Func<string, Tensor, Tensor> change)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = new SafetensorsFile(clip.File("model.safetensors")))
            tensors = file.Entries.Keys.ToDictionary(name => name, name => change(name, file.Read(name)));
        TorchWeights.Write(clip.File("model.safetensors"), tensors);
    }

    /// <summary>The same weights: matrices as transposes in a file, every third tensor in memory, every fifth at an odd offset.</summary>
    private static Dictionary<string, TensorEntry> Transposed(SafetensorsFile file, string path)
    {
        var entries = new Dictionary<string, TensorEntry>();
        using var stream = File.Create(path);
        foreach (var ((name, entry), index) in file.Entries.Select((named, index) => (named, index)))
        {
            var values = file.ReadFloats(name);
            if (index % 3 == 0)
            {
                entries[name] = entry with { Values = file.Bytes(name).ToArray() };
                continue;
            }
            if (index % 5 == 0) stream.WriteByte(0);
            else while (stream.Position % 4 != 0) stream.WriteByte(0);
            var strides = entry.Shape.Length == 2 ? new[] { 1, entry.Shape[0] } : null;
            entries[name] = new(path, TensorType.Float32, entry.Shape, stream.Position, strides);
            var (rows, columns) = strides is null ? (1, values.Length) : ((int)entry.Shape[0], (int)entry.Shape[1]);
            for (var column = 0; column < columns; column++)
                for (var row = 0; row < rows; row++) stream.Write(BitConverter.GetBytes(values[(row * columns) + column]));
        }
        return entries;
    }
}
