using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Clip;

[Trait("Category", "Fixtures")]
public sealed class ClipFixtureTests
{
    public static TheoryData<string> Embed => FixtureCase.OfKind("clip-embed");

    public static TheoryData<string> Interpolated => FixtureCase.OfKind("clip-embed-interpolated");

    [SkippableTheory]
    [MemberData(nameof(Embed))]
    public void Encode_ReferenceInputs_EqualReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var encoder = TorchClipEncoder.Load(fixture.Model);
        using var file = fixture.Tensors();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var got = Compute(encoder.Model, file);
        fixture.RequireExpected(got.ContainsKey);
        foreach (var (name, _) in fixture.Json["expected"]!.AsObject())
        {
            if (name == "text_last_hidden_state") AssertMatchesWhereRead(fixture, file, name, got[name]);
            else fixture.AssertMatches(file, name, got[name]);
        }
        AssertSameIds(fixture, file, encoder.Tokenizer);
    }

    [SkippableTheory]
    [MemberData(nameof(Embed))]
    public void Save_ThenLoad_SameWeightsIdsAndFrames(string row)
    {
        var fixture = FixtureCase.Open(row);
        var saved = Path.Combine(Path.GetTempPath(), $"vcr-fixture-{Guid.NewGuid():N}");
        using var encoder = TorchClipEncoder.Load(fixture.Model);
        try
        {
            encoder.Save(saved);
            using var again = TorchClipEncoder.Load(saved);
            Assert.Equal(encoder.Preprocessing.Format, again.Preprocessing.Format);
            Assert.Equal(encoder.Tokenizer.Encode("A dog's 2 days"), again.Tokenizer.Encode("A dog's 2 days"));
            foreach (var (first, second) in encoder.Model.named_parameters().Zip(again.Model.named_parameters()))
                Assert.True(first.name == second.name && first.parameter.bytes.SequenceEqual(second.parameter.bytes), first.name);
        }
        finally
        {
            if (Directory.Exists(saved)) Directory.Delete(saved, recursive: true);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Interpolated))]
    public void Encode_OtherImageSize_EqualReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        Assert.True(fixture.Options["interpolate_pos_encoding"]!.GetValue<bool>());
        fixture.RequireExpected(name => name is "image_embeds" or "image_embeds_wide");
        using var encoder = TorchClipEncoder.Load(fixture.Model);
        using var file = fixture.Tensors();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var suffix in new[] { "", "_wide" })
        {
            var pixels = file.Read($"pixel_values{suffix}");
            fixture.AssertMatches(file, $"image_embeds{suffix}", encoder.Model.EncodeImages(pixels, interpolatePositions: true));
            Assert.Contains($"{pixels.shape[2]}x{pixels.shape[3]}", Assert.Throws<ArgumentException>(() => encoder.Model.EncodeImages(pixels)).Message);
        }
        var square = file.Read("pixel_values");
        using var resized = TorchClipEncoder.Load(ClipCheckpoint.Open(fixture.Model, imageSize: (int)square.shape[2]));
        fixture.AssertMatches(file, "image_embeds", resized.Model.EncodeImages(square));
    }

    private static Dictionary<string, Tensor> Compute(ClipModel model, SafetensorsFile file)
    {
        var (pixels, ids) = (file.Read("pixel_values"), file.Read("input_ids"));
        var (images, texts) = (model.EncodeImages(pixels), model.EncodeTexts(ids));
        var got = new Dictionary<string, Tensor>
        {
            ["image_embeds"] = images,
            ["text_embeds"] = texts,
            ["logit_scale"] = model.logit_scale,
            ["logits_per_image"] = model.logit_scale.exp() * nn.functional.normalize(images, dim: -1).matmul(nn.functional.normalize(texts, dim: -1).t()),
            ["vision_last_hidden_state"] = model.vision_model.HiddenStates(pixels),
            ["text_last_hidden_state"] = model.text_model.HiddenStates(ids),
        };
        if (file.Entries.ContainsKey("input_ids_extra")) got["text_embeds_extra"] = model.EncodeTexts(file.Read("input_ids_extra"));
        return got;
    }

    /// <summary>The case's texts, by our tokenizer, are the case's ids; what follows the end of text is padding.</summary>
    private static void AssertSameIds(FixtureCase fixture, SafetensorsFile file, ClipTokenizer tokenizer)
    {
        if (fixture.Json["texts"] is not { } listed) return;
        var texts = listed.AsArray().Select(text => text!.GetValue<string>()).ToList();
        var expected = file.Read("input_ids");
        var mask = file.Entries.ContainsKey("attention_mask") ? file.Read("attention_mask") : null;
        for (var i = 0; i < texts.Count; i++)
        {
            var (ids, row) = (tokenizer.Encode(texts[i]), expected[i].data<long>().Select(id => (int)id).ToList());
            // Without a mask the padding is 0, and the text ends at the largest id.
            Assert.Equal(mask is null ? row.IndexOf(row.Max()) + 1 : mask[i].sum().item<long>(), ids.Length);
            Assert.Equal(row.Take(ids.Length), ids);
        }
    }

    private static void AssertMatchesWhereRead(FixtureCase fixture, SafetensorsFile file, string name, Tensor got)
    {
        var mask = file.Read("attention_mask").unsqueeze(-1);
        var (expected, read) = (file.Read(name) * mask, got * mask);
        Closeness.AssertClose($"{fixture.Name}/{name}", Doubles(expected), Doubles(read), fixture.Tolerance(name));
    }

    private static double[] Doubles(Tensor tensor) => tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();

    static ClipFixtureTests() => TorchRuntime.EnsureLoaded();
}
