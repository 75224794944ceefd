using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Generation;
using Xunit;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.TestSupport.Networks;

/// <summary>What the cases of all captioners say about decoding, and how their results are compared.</summary>
internal static class FixtureDecoding
{
    private static readonly string[] Known =
        ["prompt", "num_beams", "max_length", "min_length", "repetition_penalty", "no_repeat_ngram_size", "length_penalty", "early_stopping"];

    /// <summary>Names and settings of the case's decodings.</summary>
    internal static IEnumerable<(string Name, JsonNode Settings)> List(FixtureCase fixture) =>
        fixture.Options["decodings"]!.AsObject().Select(decoding => (decoding.Key, decoding.Value!));

    /// <summary>Whether an expected tensor is that of a decoding: 'ids.NAME' or 'scores.NAME'.</summary>
    internal static bool IsResult(FixtureCase fixture, string expected) =>
        List(fixture).Any(decoding => expected == $"ids.{decoding.Name}" || expected == $"scores.{decoding.Name}");

    internal static GenerationOptions Options(JsonNode settings)
    {
        Assert.Empty(settings.AsObject().Select(setting => setting.Key).Except(Known));
        return new()
        {
            Beams = settings["num_beams"]!.GetValue<int>(),
            MinLength = settings["min_length"]!.GetValue<int>(),
            MaxLength = settings["max_length"]!.GetValue<int>(),
            RepetitionPenalty = settings["repetition_penalty"]!.GetValue<float>(),
            NoRepeatNgramSize = settings["no_repeat_ngram_size"]!.GetValue<int>(),
            LengthPenalty = settings["length_penalty"]!.GetValue<double>(),
            EarlyStopping = settings["early_stopping"]!.GetValue<bool>(),
        };
    }

    /// <summary>One string for each image.</summary>
    internal static IReadOnlyList<string> Strings(FixtureCase fixture, string key, string name) =>
        [.. fixture.Json[key]![name]!.AsArray().Select(text => text!.GetValue<string>())];

    /// <summary>Ids as one tensor, short rows filled up.</summary>
    internal static Tensor Padded(IEnumerable<int[]> texts, int padding, int? width = null)
    {
        var rows = texts.ToList();
        var columns = width ?? rows.Max(ids => ids.Length);
        return tensor(rows.SelectMany(ids => ids.Select(id => (long)id).Concat(Enumerable.Repeat((long)padding, columns - ids.Length))).ToArray())
            .view(rows.Count, columns);
    }

    /// <summary>
    /// Logits [B, T, V] of a decoder that is fed given ids step by step: after the start, then after each id but those that are
    /// <paramref name="begin"/>.
    /// </summary>
    internal static Tensor Forced(IStepDecoder decoder, SafetensorsFile file, int[] begin)
    {
        var (shape, ids) = (file.Shape("forced_ids"), file.Integers("forced_ids"));
        var (texts, length, vocabulary) = (shape[0], shape[1], decoder.VocabularySize);
        Assert.Equal(texts, decoder.Images);
        var steps = new List<float[]>();
        var logits = new float[texts * vocabulary];
        decoder.Start(begin, logits);
        steps.Add([.. logits]);
        for (var step = begin.Length; step < length; step++)
        {
            decoder.Step([.. Enumerable.Range(0, texts).Select(text => ids[(text * length) + step])], logits);
            steps.Add([.. logits]);
        }
        return stack(steps.Select(step => tensor(step).view(texts, vocabulary)).ToArray(), 1);
    }
}
