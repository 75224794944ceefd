using System.Globalization;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.ClipScore;

[Trait("Category", "Fixtures")]
public sealed class SelectionFixtureTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("selection");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Selection_Fixture_MatchesReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        var captions = Captions(fixture.Json["data"]!);
        var selection = Selection(fixture.Options);
        foreach (var (rule, answers) in fixture.Json["answers"]!.AsObject()) Check(rule, answers!, captions, selection);
    }

    private static void Check(string rule, JsonNode answers, List<ScoredCaption> captions, CaptionSelection selection)
    {
        switch (rule)
        {
            case "topPerCaptioner":
                foreach (var (count, expected) in answers.AsObject()) Assert.Equal(Chosen(expected!), Plain(selection.TopPerCaptioner(captions, int.Parse(count, CultureInfo.InvariantCulture))));
                break;
            case "topJoint":
                foreach (var (count, expected) in answers.AsObject()) Assert.Equal(Chosen(expected!), Plain(selection.TopOverall(captions, int.Parse(count, CultureInfo.InvariantCulture))));
                break;
            case "middleFrame":
                Assert.Equal(Chosen(answers), Plain(selection.MiddleFrame(captions)));
                break;
            case "randomOfTopPerCaptioner":
                // For each captioner the captions that a draw may give.
                foreach (var (count, lists) in answers.AsObject())
                {
                    var best = Plain(selection.TopPerCaptioner(captions, int.Parse(count, CultureInfo.InvariantCulture))).ToLookup(caption => caption.Captioner);
                    Assert.All(lists!.AsArray().Index(), list => Assert.Equal(Chosen(list.Item!).Order(), best[list.Index].Order()));
                }
                break;
            case "randomOfAll":
                Assert.Equal(Chosen(answers).Order(), Plain(selection.Ranked(captions)).Order());
                break;
            default:
                Assert.Fail($"The selection rule '{rule}' is not known to this test.");
                break;
        }
    }

    private static CaptionSelection Selection(JsonNode options)
    {
        foreach (var (name, _) in options.AsObject())
            Assert.True(name is "minimumScore" or "removeDuplicates", $"The selection option '{name}' is not known to this test.");
        return new(options["minimumScore"]?.GetValue<double>(), options["removeDuplicates"]?.GetValue<bool>() ?? false);
    }

    private static List<ScoredCaption> Captions(JsonNode data) =>
        [.. data["captions"]!.AsArray().SelectMany((list, captioner) => list!.AsArray().Select((text, frame) => new ScoredCaption(
            captioner, frame, text!.GetValue<string>(), data["scores"]![captioner]![frame]?.GetValue<double>() ?? double.NaN)))];

    private static List<(int Captioner, int Frame, string Text)> Chosen(JsonNode list) =>
        [.. list.AsArray().Select(one => (one!["captioner"]!.GetValue<int>(), one["frame"]!.GetValue<int>(), one["text"]!.GetValue<string>()))];

    private static List<(int Captioner, int Frame, string Text)> Plain(IEnumerable<ScoredCaption> captions) =>
        [.. captions.Select(caption => (caption.Captioner, caption.Frame, caption.Text))];
}
