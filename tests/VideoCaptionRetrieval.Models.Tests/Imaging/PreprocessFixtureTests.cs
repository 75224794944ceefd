using System.Globalization;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Imaging;

public sealed class PreprocessFixtureTests
{
    /// <summary>What &lt;id&gt;.&lt;target&gt;.&lt;this&gt; holds: the published transform fed with the file's own mode, stored for information.</summary>
    private const string Native = "native";

    /// <summary>What &lt;id&gt;.&lt;target&gt;.&lt;this&gt; holds: the normalised frame.</summary>
    private const string Values = "pixel_values";

    public static TheoryData<string> Cases => FixtureCase.OfKind("preprocess");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void Prepare_ReferenceImages_EqualsPillow(string row)
    {
        var fixture = FixtureCase.Open(row);
        fixture.RequireExpected(name => name.Split('.') is [_, _] or [_, _, Native or Values]);
        using var tensors = fixture.Tensors();
        var images = fixture.Json["images"]!.AsArray().ToDictionary(image => image!["id"]!.GetValue<string>(), image => image!);

        foreach (var (name, expected) in fixture.Json["expected"]!.AsObject())
        {
            var parts = name.Split('.');
            if (parts is [_, _, Native]) continue;
            var preprocessing = Preprocessing(fixture, int.Parse(parts[1], CultureInfo.InvariantCulture));
            var image = Source(fixture, tensors, images[parts[0]]);
            var frame = new byte[preprocessing.Format.FrameBytes];
            FramePreparation.Prepare(image.Pixels, image.Width, image.Height, preprocessing.Format, frame);
            if (parts.Length == 2) AssertEqual($"{fixture.Name}/{name}", tensors.Bytes(name), frame);
            else AssertValues(fixture, tensors, name, preprocessing, frame);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void Load_ReferenceFiles_EqualsPillow(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var tensors = fixture.Tensors();
        foreach (var image in fixture.Json["images"]!.AsArray().Where(image => image!["file"] is not null))
        {
            var (id, file) = (image!["id"]!.GetValue<string>(), image["file"]!.GetValue<string>());
            var loaded = ImageFile.Load(Path.Combine(fixture.Folder, file));
            Assert.Equal((image["width"]!.GetValue<int>(), image["height"]!.GetValue<int>()), (loaded.Width, loaded.Height));
            AssertEqual($"{fixture.Name}/{file}", tensors.Bytes(id), loaded.Pixels);
        }
    }

    /// <summary>Options state no rounding; the reference implementation that the case names implies it.</summary>
    private static ImagePreprocessing Preprocessing(FixtureCase fixture, int size)
    {
        var options = fixture.Options;
        var rule = fixture.Json["source"]!.GetValue<string>().Contains("torchvision", StringComparison.Ordinal) ? CropRule.Torchvision : CropRule.HuggingFace;
        Assert.Equal("bicubic", options["resample"]!.GetValue<string>());
        FrameFormat format = (options["resize"]!.GetValue<string>(), options["crop"]!.GetValue<string>()) switch
        {
            ("exact", "none") => new(size, FrameFit.Stretch),
            ("shortest edge", "center") => new(size, FrameFit.CenterCrop, rule),
            var (resize, crop) => throw new NotSupportedException($"{fixture.Name}: the test does not know the resize '{resize}' with the crop '{crop}'."),
        };
        return new(format, Numbers(options["mean"]!), Numbers(options["std"]!));
    }

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(number => number!.GetValue<double>())];

    private static RgbImage Source(FixtureCase fixture, SafetensorsFile tensors, JsonNode image) => image["source"] is { } file
        ? ImageFile.Load(Path.Combine(fixture.Folder, file.GetValue<string>()))
        : new(image["width"]!.GetValue<int>(), image["height"]!.GetValue<int>(), tensors.Bytes(image["id"]!.GetValue<string>()).ToArray());

    private static void AssertValues(FixtureCase fixture, SafetensorsFile tensors, string name, ImagePreprocessing preprocessing, byte[] frame)
    {
        var values = new float[frame.Length];
        preprocessing.Normalise(frame, 1, values);
        var expected = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensors.Bytes(name)).ToArray();
        Closeness.AssertClose($"{fixture.Name}/{name}", Doubles(expected), Doubles(values), fixture.Tolerance(name));
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private static void AssertEqual(string name, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> got)
    {
        Assert.True(expected.Length == got.Length, $"{name}: expected {expected.Length} bytes, got {got.Length}");
        int differing = 0, largest = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == got[i]) continue;
            differing++;
            largest = Math.Max(largest, Math.Abs(expected[i] - got[i]));
        }
        Assert.True(differing == 0, $"{name}: {differing} of {expected.Length} bytes differ, by up to {largest}");
    }
}
