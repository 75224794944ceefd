using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.ClipScore;

[Trait("Category", "Fixtures")]
public sealed class SelectionFixtureTests
{
    private const int Draws = 200;

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
                foreach (var (count, expected) in answers.AsObject()) Assert.Equal(Chosen(expected!), Plain(selection.TopPerCaptioner(captions, int.Parse(count))));
                break;
            case "topJoint":
                foreach (var (count, expected) in answers.AsObject()) Assert.Equal(Chosen(expected!), Plain(selection.TopOverall(captions, int.Parse(count))));
                break;
            case "middleFrame":
                Assert.Equal(Chosen(answers), Plain(selection.MiddleFrame(captions)));
                break;
            case "randomOfTopPerCaptioner":
                foreach (var (count, lists) in answers.AsObject()) CheckDraws([.. lists!.AsArray().Select(list => Chosen(list!))], captions, selection, int.Parse(count));
                break;
            case "randomOfAll":
                var random = new Random(1);
                var drawn = Enumerable.Range(0, 20 * Draws).Select(_ => selection.RandomOfAll(captions, random)).OfType<ScoredCaption>();
                Assert.Equal(Chosen(answers).Order(), Plain(drawn).Distinct().Order());
                break;
            default:
                FixtureCase.BelongsToIssue("E", $"selection rule '{rule}'");
                break;
        }
    }

    private static void CheckDraws(List<(int, int, string)>[] lists, List<ScoredCaption> captions, CaptionSelection selection, int count)
    {
        var random = new Random(1);
        var seen = lists.Select(_ => new HashSet<(int, int, string)>()).ToArray();
        for (var draw = 0; draw < Draws; draw++)
        {
            var chosen = Plain(selection.RandomOfTopPerCaptioner(captions, count, random));
            Assert.Equal(lists.Count(list => list.Count > 0), chosen.Count);
            foreach (var one in chosen) seen[one.Captioner].Add(one);
        }
        for (var i = 0; i < lists.Length; i++) Assert.Equal(lists[i].Order(), seen[i].Order());
    }

    private static CaptionSelection Selection(JsonNode options)
    {
        foreach (var (name, _) in options.AsObject())
            if (name is not ("minimumScore" or "removeDuplicates")) FixtureCase.BelongsToIssue("E", $"selection option '{name}'");
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
