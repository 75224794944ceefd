using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.ClipCap;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.ClipCap;

[Trait("Category", "Fixtures")]
public sealed class ClipCapFixtureTests
{
    private const int Fill = -1;

    public static TheoryData<string> Cases => FixtureCase.OfKind("clipcap");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Generate_ReferenceCheckpoint_SamePrefixesLogitsAndCaptions(string row)
    {
        var fixture = FixtureCase.Open(row);
        fixture.RequireExpected(name => name is "prefix_embeds" or "forced_logits" or "ids.greedy" or "ids.beam5" or "scores.beam5");
        Check(fixture, fixture.Options["checkpoint"]!.GetValue<string>());
        if (fixture.Options["legacy_checkpoint"] is { } legacy) Check(fixture, legacy.GetValue<string>());
    }

    private static void Check(FixtureCase fixture, string weights)
    {
        var gpt2 = Path.Combine(fixture.Model, fixture.Options["tokenizer"]!.GetValue<string>());
        using var model = ClipCapModel.Load(Path.Combine(fixture.Model, weights), gpt2);
        var tokenizer = Gpt2Tokenizer.Load(gpt2);
        using var file = fixture.Tensors();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Assert.Equal(fixture.Options["mapper"]!.GetValue<string>(), $"{model.Layout.Kind}".ToLowerInvariant());
        var prefix = model.Prefix(file.Read("clip_embeds"));
        fixture.AssertMatches(file, "prefix_embeds", prefix);
        using (var forced = model.StartDecoding(prefix.narrow(0, 0, file.Shape("forced_ids")[0]), file.Shape("forced_ids")[1]))
            fixture.AssertMatches(file, "forced_logits", FixtureDecoding.Forced(forced, file, []));

        var stop = Assert.Single(tokenizer.Encode(fixture.Options["stop_token"]!.GetValue<string>()));
        Assert.Equal(fixture.Options["stop_id"]!.GetValue<int>(), stop);
        var options = GenerationOptions.ForClipCap();
        Assert.Equal(fixture.Options["entry_length"]!.GetValue<int>(), options.MaxLength);
        CheckGreedy(fixture, model, tokenizer, prefix, ResolvedGeneration.From(options, stop, BeamSearchVariant.ClipCap));
        options.Beams = fixture.Options["beam_size"]!.GetValue<int>();
        CheckBeams(fixture, model, tokenizer, prefix, ResolvedGeneration.From(options, stop, BeamSearchVariant.ClipCap));
    }

    private static void CheckGreedy(FixtureCase fixture, ClipCapModel model, Gpt2Tokenizer tokenizer, Tensor prefix, ResolvedGeneration generation)
    {
        using var file = fixture.Tensors();
        using var decoder = model.StartDecoding(prefix, generation.MaxLength);
        var texts = TextGenerator.Generate(decoder, [], generation, CancellationToken.None);
        fixture.AssertMatches(file, "ids.greedy", FixtureDecoding.Padded(texts.Select(text => text.Ids), Fill));
        Assert.Equal(FixtureDecoding.Strings(fixture, "strings", "greedy"), texts.Select(text => tokenizer.Decode(text.Ids)));
    }

    private static void CheckBeams(FixtureCase fixture, ClipCapModel model, Gpt2Tokenizer tokenizer, Tensor prefix, ResolvedGeneration generation)
    {
        using var file = fixture.Tensors();
        using var decoder = model.StartDecoding(prefix, generation.MaxLength);
        var images = new ClipCapBeamSearch(decoder, [], generation).Run(CancellationToken.None);
        var shape = file.Shape("ids.beam5");
        fixture.AssertMatches(file, "ids.beam5",
            FixtureDecoding.Padded(images.SelectMany(beams => beams.Select(beam => beam.Ids)), Fill, shape[2]).view(shape[0], shape[1], shape[2]));
        fixture.AssertMatches(file, "scores.beam5", tensor(images.SelectMany(beams => beams.Select(beam => (float)beam.Score)).ToArray()).view(shape[0], shape[1]));
        var strings = fixture.Json["strings"]!["beam5"]!.AsArray();
        Assert.Equal(strings.Select(beams => beams!.AsArray().Select(text => text!.GetValue<string>())),
            images.Select(beams => beams.Select(beam => tokenizer.Decode(beam.Ids))));
    }
}
