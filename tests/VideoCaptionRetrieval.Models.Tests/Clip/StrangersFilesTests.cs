using System.Text;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Clip;

/// <summary>Whole checkpoints as other programs and editors leave them.</summary>
public sealed class StrangersFilesTests : IDisposable
{
    private readonly TinyClip _clip = new();

    public void Dispose() => _clip.Dispose();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Open_JsonWithAByteOrderMark_IsRead(string encoding)
    {
        var expected = Embed();
        File.WriteAllText(_clip.File("preprocessor_config.json"), """{"image_processor_type": "CLIPImageProcessor", "size": 16, "crop_size": 16}""");
        foreach (var name in new[] { "config.json", "preprocessor_config.json", "vocab.json", "merges.txt" })
            File.WriteAllText(_clip.File(name), File.ReadAllText(_clip.File(name)), Encoding.GetEncoding(encoding));
        Assert.Equal(expected, Embed());
        File.WriteAllBytes(_clip.File("tokenizer.json"), Encoding.GetEncoding(encoding).GetPreamble()
            .Concat(Encoding.GetEncoding(encoding).GetBytes(Encoding.UTF8.GetString(ClipProcessorFiles.GenerateMissing(_clip.Folder, 12)["tokenizer.json"]))).ToArray());
        File.Delete(_clip.File("vocab.json"));
        Assert.Equal(expected, Embed());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public void Open_IndexOfWeightsWithAByteOrderMark_IsRead(string encoding)
    {
        var expected = Embed();
        File.Move(_clip.File("model.safetensors"), _clip.File("model-00001-of-00001.safetensors"));
        using var weights = new SafetensorsFile(_clip.File("model-00001-of-00001.safetensors"));
        var map = new JsonObject(weights.Entries.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)"model-00001-of-00001.safetensors")));
        File.WriteAllText(_clip.File("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString(), Encoding.GetEncoding(encoding));
        Assert.Equal(expected, Embed());
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("clip.")]
    [InlineData("module.model.")]
    [InlineData("_orig_mod.module.")]
    public void Open_PrefixOfAWrapperBeforeEveryName_IsLeftOut(string prefix)
    {
        var expected = Embed();
        Rewrite((name, entry) => [(prefix + name, entry)]);
        Assert.Equal(expected, Embed());
        Assert.True(CheckpointFormats.Inspect(_clip.Folder).IsComplete);
        // In several files, each has the prefix too.
        var path = _clip.File("model-00001-of-00001.safetensors");
        File.Move(_clip.File("model.safetensors"), path);
        using (var weights = WeightsFormats.OpenStored(path))
        {
            var map = new JsonObject(weights.Entries.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)Path.GetFileName(path))));
            File.WriteAllText(_clip.File("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        }
        Assert.Equal(expected, Embed());
    }

    [Fact]
    public void Open_PrefixOfSomeNames_ErrorNamesIt()
    {
        Rewrite((name, entry) => name == "logit_scale" ? [(name, entry)] : [("clip." + name, entry)]);
        var e = Assert.Throws<ModelFileException>(() => Embed());
        Assert.Contains("missing", e.Message);
        Assert.Contains("it holds 'clip.", e.Message);
        Assert.Contains("the prefix 'clip.'", e.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_LogitScaleAsAListOfOne_IsTaken(int dimensions)
    {
        var (expected, shape) = (Embed(), Enumerable.Repeat(1L, dimensions).ToArray());
        Rewrite((name, entry) => [(name, name == "logit_scale" ? entry with { Shape = shape } : entry)]);
        Assert.Equal(expected, Embed());
        ClipCheckpoint.Open(_clip.Folder).ExportSafetensors(_clip.Sibling("export"));
        using var exported = new SafetensorsFile(Path.Combine(_clip.Sibling("export"), "model.safetensors"));
        Assert.Empty(exported.Entry("logit_scale").Shape);
    }

    [Theory]
    [InlineData(TensorType.Float32, float.NaN, "NaN")]
    [InlineData(TensorType.Float32, float.PositiveInfinity, "Infinity")]
    [InlineData(TensorType.Float16, float.NaN, "NaN")]
    [InlineData(TensorType.BFloat16, float.NegativeInfinity, "-Infinity")]
    [InlineData(TensorType.Float64, float.NaN, "NaN")]
    public void OpenForInference_OneWeightIsNotFinite_RefusedByName(TensorType type, float value, string said)
    {
        const string Name = "text_model.encoder.layers.1.mlp.fc1.weight";
        Rewrite((name, entry) => [(name, name == Name ? Damaged(entry, type, value) : entry)]);
        var e = Assert.Throws<ModelFileException>(() => Embed());
        Assert.Contains($"tensor '{Name}' holds '{said}'", e.Message);
        Assert.Equal(_clip.File("model.safetensors"), e.Path);
        Assert.Throws<ModelFileException>(() => ClipCheckpoint.Open(_clip.Folder).ExportSafetensors(_clip.Sibling("export")));
        Assert.False(Directory.Exists(_clip.Sibling("export")));
    }

    [Fact]
    public void OpenForInference_SavedModelWithGraphs_ItsWeightsAreCheckedToo()
    {
        ClipCheckpoint.Open(_clip.Folder).SaveForInference(_clip.Sibling("saved"));
        var path = Path.Combine(_clip.Sibling("saved"), "model.safetensors");
        long offset;
        using (var file = new SafetensorsFile(path)) offset = file.Entry("visual_projection.weight").Offset;
        using (var stream = File.OpenWrite(path))
        {
            stream.Position = offset;
            stream.Write(BitConverter.GetBytes(float.NaN));
        }
        Assert.Contains("'visual_projection.weight' holds 'NaN'",
            Assert.Throws<ModelFileException>(() => ClipCheckpoint.Open(_clip.Sibling("saved")).OpenForInference(new(), default)).Message);
    }

    [Theory]
    [InlineData(
        """{"size": {"height": 16, "width": 16}, "do_center_crop": false, "resample": 2, "image_mean": [0.1, 0.2, 0.3], "image_std": [1, 2, 4]}""",
        FrameFit.Stretch, CropRule.Torchvision, ResizeFilter.Bilinear, "rescale_factor")]
    [InlineData(
        """{"size": {"shortest_edge": 16}, "do_center_crop": true, "crop_size": {"height": 16, "width": 16}}""",
        FrameFit.CenterCrop, CropRule.HuggingFace, ResizeFilter.Bicubic, "resample,image_mean,image_std,rescale_factor")]
    public void Preprocessing_ProcessorConfig_TakenBeforeTheOlderFile(string settings, FrameFit fit, CropRule rule, ResizeFilter filter, string defaults)
    {
        File.WriteAllText(_clip.File("processor_config.json"), $$"""{"image_processor": {{settings}}, "processor_class": "CLIPProcessor"}""");
        File.WriteAllText(_clip.File("preprocessor_config.json"), """{"size": 16, "crop_size": 16, "resample": 7}""");
        var checkpoint = ClipCheckpoint.Open(_clip.Folder);
        Assert.Equal(new FrameFormat(16, fit, fit == FrameFit.Stretch ? CropRule.Torchvision : rule, filter), checkpoint.FrameFormat);
        Assert.Contains(_clip.File("processor_config.json"), checkpoint.Files);
        var report = CheckpointFormats.Inspect(_clip.Folder);
        Assert.Equal("processor_config.json", report.ImageSettings!.File);
        Assert.Equal(defaults.Split(','), report.ImageSettings.Defaults);

        // Older programs read preprocessor_config.json alone: an export states the same there.
        checkpoint.ExportSafetensors(_clip.Sibling("export"));
        Assert.False(File.Exists(Path.Combine(_clip.Sibling("export"), "processor_config.json")));
        var again = ClipCheckpoint.Open(_clip.Sibling("export")).Preprocessing;
        Assert.Equal(checkpoint.FrameFormat, again.Format);
        Assert.Equal((checkpoint.Preprocessing.Mean, checkpoint.Preprocessing.StandardDeviation), (again.Mean, again.StandardDeviation), (a, b) =>
            a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2));
    }

    [Fact]
    public void Preprocessing_ProcessorConfigWithoutImageSettings_TheOlderFileIsRead()
    {
        File.WriteAllText(_clip.File("processor_config.json"), """{"processor_class": "CLIPProcessor"}""");
        Assert.Null(CheckpointFormats.Inspect(_clip.Folder).ImageSettings!.File);
        Assert.Equal(["size", "crop_size", "resample", "image_mean", "image_std", "rescale_factor"], CheckpointFormats.Inspect(_clip.Folder).ImageSettings!.Defaults);
        Assert.Equal(CropRule.Torchvision, ClipCheckpoint.Open(_clip.Folder).FrameFormat.CropRule);
        File.WriteAllBytes(_clip.File("preprocessor_config.json"), PreprocessorConfig.Write(new(new(16, CropRule: CropRule.HuggingFace))));
        Assert.Equal("preprocessor_config.json", CheckpointFormats.Inspect(_clip.Folder).ImageSettings!.File);
        Assert.Empty(CheckpointFormats.Inspect(_clip.Folder).ImageSettings!.Defaults);
        Assert.Equal(CropRule.HuggingFace, ClipCheckpoint.Open(_clip.Folder).FrameFormat.CropRule);
    }

    [Fact]
    public void ExportSafetensors_OfPairs_WritesTheTokenizerThatOtherProgramsRead()
    {
        var expected = ClipCheckpoint.Open(_clip.Folder).LoadTokenizer().Encode("a dog's day");
        ClipCheckpoint.Open(_clip.Folder).ExportSafetensors(_clip.Sibling("export"));
        var folder = _clip.Sibling("export");
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(12, JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer_config.json")))!["model_max_length"]!.GetValue<int>());
        foreach (var name in new[] { "vocab.json", "merges.txt" }) File.Delete(Path.Combine(folder, name));
        Assert.Equal(expected, ClipCheckpoint.Open(folder).LoadTokenizer().Encode("a dog's day"));
    }

    private float[] Embed()
    {
        using var encoder = CheckpointFormats.Require<ClipCheckpoint>(_clip.Folder).OpenForInference(new(), default);
        var embeddings = new float[2 * encoder.Dimension];
        encoder.EmbedTexts(["a dog"], embeddings.AsSpan(0, encoder.Dimension));
        encoder.EmbedFrames([.. Enumerable.Range(0, encoder.FrameFormat.FrameBytes).Select(at => (byte)at)], 1, embeddings.AsSpan(encoder.Dimension));
        return embeddings;
    }

    /// <summary>Writes the weights anew, under other names or with other content.</summary>
    private void Rewrite(Func<string, TensorEntry, (string Name, TensorEntry Entry)[]> change)
    {
        var path = _clip.File("model.safetensors");
        using (var weights = new SafetensorsFile(path))
        {
            using var changed = new WeightsFile(path, weights.Entries.SelectMany(named => change(named.Key, named.Value)).ToDictionary(one => one.Name, one => one.Entry));
            SafetensorsWriter.Copy(path + ".new", changed, changed.Entries.Keys);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Zeros of a type, and one other value at the end.</summary>
    private static TensorEntry Damaged(TensorEntry entry, TensorType type, float value)
    {
        byte[] last = type switch
        {
            TensorType.Float16 => BitConverter.GetBytes((Half)value),
            TensorType.BFloat16 => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
            TensorType.Float64 => BitConverter.GetBytes((double)value),
            _ => BitConverter.GetBytes(value),
        };
        var values = new byte[entry.Shape.Aggregate(1L, (product, size) => product * size) * last.Length];
        last.CopyTo(values.AsSpan(values.Length - last.Length));
        return entry with { Type = type, Offset = 0, Values = values };
    }
}
