using TorchSharp;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

[Trait("Category", "Fixtures")]
public sealed class BlipRetrievalFixtureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blip-itm").FullName;

    public static TheoryData<string> Cases => FixtureCase.OfKind("blip-itm");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void EncodeAndMatch_ReferenceCheckpoint_EveryExpectedTensorAgrees(string row)
    {
        var fixture = FixtureCase.Open(row);
        var checkpoint = BlipCheckpoint.Open(BlipFixtureFolder.Prepare(fixture, _folder), BlipTask.Retrieval);
        using var encoder = TorchBlipEncoder.Load(checkpoint);
        using var file = fixture.Tensors();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Assert.Equal(Values(file.Read("input_ids")), Values(Ids(fixture, "texts", encoder)));

        var got = Images(encoder.Model, file);
        if (fixture.Json["unpadded_ids"] is { } alone)
            Add(got, Unpadded(encoder.Model, got["vision"], [.. alone.AsArray().Select(ids => ids!.AsArray().Select(id => id!.GetValue<long>()).ToArray())]));
        if (fixture.Json["video_texts"] is not null) Add(got, Videos(fixture, encoder, file));

        fixture.RequireExpected(got.ContainsKey);
        foreach (var (name, _) in fixture.Json["expected"]!.AsObject()) fixture.AssertMatches(file, name, got[name]);
    }

    private static Dictionary<string, Tensor> Images(BlipRetrievalModel model, SafetensorsFile file)
    {
        var (ids, mask) = (file.Read("input_ids"), file.Read("attention_mask"));
        var vision = model.EncodeImageTokens(file.Read("pixel_values"));
        var (images, texts) = (Unit(model.ProjectImages(vision)), Unit(model.EncodeTexts(ids)));
        var logits = Match(model, ids, vision);
        return new()
        {
            ["vision"] = vision,
            ["text_hidden"] = model.TextHidden(ids) * mask.unsqueeze(-1),
            ["image_embeds"] = images,
            ["text_embeds"] = texts,
            ["itc"] = images.matmul(texts.t()),
            ["itm_logits"] = logits,
            ["itm_prob"] = logits.softmax(-1).select(-1, 1),
        };
    }

    private static Dictionary<string, Tensor> Unpadded(BlipRetrievalModel model, Tensor vision, long[][] texts)
    {
        var ids = texts.Select(text => tensor(text).unsqueeze(0)).ToList();
        return new()
        {
            ["unpadded_text_embeds"] = cat([.. ids.Select(text => Unit(model.EncodeTexts(text)))]),
            ["unpadded_itm_logits"] = cat([.. ids.Select(text => Match(model, text, vision))], 1),
        };
    }

    private static Dictionary<string, Tensor> Videos(FixtureCase fixture, TorchBlipEncoder encoder, SafetensorsFile file)
    {
        var (model, frames, ids) = (encoder.Model, file.Read("video_frames"), Ids(fixture, "video_texts", encoder));
        Assert.Equal(fixture.Options["enc"]!.GetValue<int>(), model.Config.Text.EncodeId);
        Assert.Equal(Values(file.Read("video_input_ids")), Values(model.WithEncodeToken(ids)));
        var best = fixture.Options["k_test"]!.GetValue<int>();
        var (videos, count) = (frames.shape[0], frames.shape[1]);
        var tokens = model.EncodeImageTokens(frames.flatten(0, 1));                                         // (V·N, P, Dv)
        var embeddings = Unit(model.ProjectImages(tokens).view(videos, count, -1).mean([1]));
        var texts = Unit(model.EncodeTexts(ids));
        var similarity = embeddings.matmul(texts.t());                                                      // (V, T)
        var logits = Match(model, model.WithEncodeToken(ids), tokens.reshape(videos, -1, tokens.shape[2]));
        var score = logits.select(-1, 1).Plus(similarity);
        return new()
        {
            ["video_embeds"] = embeddings,
            ["video_text_embeds"] = texts,
            ["video_sim"] = similarity,
            ["video_score"] = score,
            ["video_v2t_k2"] = Best(similarity, score, best),
            ["video_t2v_k2"] = Best(similarity.t(), score.t(), best),
        };
    }

    /// <summary>The scores of each row's best candidates, -100 elsewhere.</summary>
    private static Tensor Best(Tensor similarity, Tensor score, int count)
    {
        var places = similarity.topk(count, 1).indexes;
        using Scalar behind = -100;
        return full_like(score, behind).scatter(1, places, score.gather(1, places));
    }

    /// <summary>[images, texts, 2]: the texts, once with each image.</summary>
    private static Tensor Match(BlipRetrievalModel model, Tensor ids, Tensor tokens) =>
        model.MatchLogits(ids.repeat(tokens.shape[0], 1), tokens).view(tokens.shape[0], -1, 2);

    private static Tensor Ids(FixtureCase fixture, string key, TorchBlipEncoder encoder) =>
        tensor(encoder.Tokenize([.. fixture.Json[key]!.AsArray().Select(text => text!.GetValue<string>())]));

    private static long[] Values(Tensor ids) => ids.data<long>().ToArray();

    private static Tensor Unit(Tensor vectors) => nn.functional.normalize(vectors, dim: -1);

    private static void Add(Dictionary<string, Tensor> all, Dictionary<string, Tensor> some)
    {
        foreach (var (name, value) in some) all[name] = value;
    }
}
