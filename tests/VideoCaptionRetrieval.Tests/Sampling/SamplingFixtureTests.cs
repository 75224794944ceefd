using System.Text.Json.Nodes;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Tests.Sampling;

public sealed class SamplingFixtureTests
{
    private const int DrawsPerPlan = 200;
    private const int LargestExhaustedRange = 8;
    private const double TimeTolerance = 1e-9;

    /// <summary>Answers that case.json calls "for information".</summary>
    private static readonly HashSet<string> _informative = ["indicesFrozenInTime", "integerBounds"];

    public static TheoryData<string> Cases => FixtureCase.OfKind("sampling");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void Plan_ReferenceCases_Equal(string row)
    {
        var fixture = FixtureCase.Open(row);
        var data = fixture.Json["data"]!.AsArray();
        var answers = fixture.Json["answers"]!.AsArray();
        Assert.Equal(data.Count, answers.Count);
        for (var i = 0; i < data.Count; i++)
            foreach (var (name, expected) in answers[i]!.AsObject().Where(answer => !_informative.Contains(answer.Key)))
                Check($"{fixture.Name}[{i}].{name}", name, data[i]!, expected!);
    }

    private static void Check(string label, string name, JsonNode input, JsonNode expected)
    {
        switch (name)
        {
            case "error": Assert.ThrowsAny<ArgumentException>(() => SegmentPlan.Middles(Int(input, "frames"), Int(input, "count"), Start(input), End(input))); break;
            case "bounds": AssertEqual(label, expected, SegmentPlan.Bounds(Int(input, "frames"), Int(input, "count"))); break;
            case "indices": AssertEqual(label, expected, SegmentPlan.Middles(Int(input, "frames"), Count(input), Start(input), End(input))); break;
            case "testEntries": AssertEqual(label, expected, SegmentPlan.PoolMiddles(Int(input, "segments"), Int(input, "perSegment"))); break;
            case "ranges": CheckRanges(label, expected, SegmentPlan.Ranges(Int(input, "frames"), Int(input, "count"), Start(input), End(input))); break;
            case "entries": CheckRanges(label, expected, SegmentPlan.PoolEntries(Int(input, "segments"), Int(input, "perSegment"))); break;
            case "times": CheckTimes(label, expected, SegmentPlan.Times(Double(input, "start"), Double(input, "end"), Int(input, "count"))); break;
            default: Assert.Fail($"{label}: the answer '{name}' is not known to this test."); break;
        }
    }

    private static void CheckRanges(string label, JsonNode expected, FrameRange[] ranges)
    {
        AssertEqual(label, new JsonArray([.. expected.AsArray().SelectMany(range => range!.AsArray()).Select(bound => bound!.DeepClone())]),
            [.. ranges.SelectMany(range => new[] { range.Start, range.End })]);
        var seen = ranges.Select(_ => new HashSet<int>()).ToArray();
        for (var epoch = 0; epoch < DrawsPerPlan; epoch++)
        {
            var draws = new DrawSequence(13, epoch, "video").Next(ranges);
            Assert.Equal(draws, new DrawSequence(13, epoch, "video").Next(ranges));
            for (var k = 0; k < ranges.Length; k++)
            {
                Assert.InRange(draws[k], ranges[k].Start, ranges[k].End - 1);
                seen[k].Add(draws[k]);
            }
        }
        for (var k = 0; k < ranges.Length; k++)
            if (ranges[k].End - ranges[k].Start is <= LargestExhaustedRange and var size)
                Assert.True(seen[k].Count == size, $"{label}: segment {k} gave {seen[k].Count} of {size} frames in {DrawsPerPlan} draws");
    }

    private static void CheckTimes(string label, JsonNode expected, double[] times)
    {
        var want = expected.AsArray().Select(time => time!.GetValue<double>()).ToArray();
        Assert.Equal(want.Length, times.Length);
        for (var k = 0; k < want.Length; k++) Assert.True(Math.Abs(want[k] - times[k]) <= TimeTolerance, Invariant($"{label}[{k}]: expected {want[k]}, got {times[k]}"));
    }

    private static void AssertEqual(string label, JsonNode expected, int[] got)
    {
        var want = expected.AsArray().Select(number => number!.GetValue<int>()).ToArray();
        Assert.True(want.AsSpan().SequenceEqual(got), $"{label}: expected [{string.Join(", ", want)}], got [{string.Join(", ", got)}]");
    }

    /// <summary>A pool has segments × perSegment frames, which are middles too.</summary>
    private static int Count(JsonNode input) => input["count"] is { } count ? count.GetValue<int>() : Int(input, "segments") * Int(input, "perSegment");

    private static int Start(JsonNode input) => input["start"]?.GetValue<int>() ?? 0;

    private static int End(JsonNode input) => input["end"]?.GetValue<int>() ?? int.MaxValue;

    private static int Int(JsonNode input, string key) => input[key]!.GetValue<int>();

    private static double Double(JsonNode input, string key) => input[key]!.GetValue<double>();
}
