using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Tests.Interop;

namespace VideoCaptionRetrieval.Tests.Training;

/// <summary>Real videos through a whole pipeline, from sampling to another process.</summary>
public sealed class TrainedModelTests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-trained-").FullName;

    public void Dispose()
    {
        _checkpoint.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Load_TrainedPipelineInAnotherProcess_SameEmbeddingsToTheBit()
    {
        var videos = new[] { "testsrc", "smptebars", "rgbtestsrc" }.Select(Render).ToArray();
        var context = new MLContext(seed: 1);
        var data = context.Data.LoadFromEnumerable(videos);
        var pipeline = context.Transforms.SampleFrames("VideoPath", FrameColumn.For("Frames", _checkpoint.Folder, count: 2))
            .Append(context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, new() { Epochs = 2, LearningRate = 1e-3 }));

        var model = pipeline.Fit(data);
        context.Model.Save(model, data.Schema, _checkpoint.Zip);

        var embeddings = model.Transform(data).GetColumn<float[]>("Embedding").ToList();
        var output = ModelHostProcess.Read(_checkpoint.Zip, "Embedding", [.. videos.Select(video => video.VideoPath)]);
        Assert.Equal("library loaded before: False", output[0]);
        Assert.Equal(embeddings.Select(values => $"view {Convert.ToHexString(MemoryMarshal.AsBytes(values.AsSpan()))}"), output.Skip(1).Take(3));
        for (var i = 0; i < 3; i++) AssertClose(embeddings[i], output[4 + i]);     // other batch size: equal but for rounding
        Directory.Delete(model.LastTransformer.CheckpointFolder, recursive: true);
    }

    private static void AssertClose(float[] expected, string line)
    {
        var got = MemoryMarshal.Cast<byte, float>(Convert.FromHexString(line["engine ".Length..]));
        for (var d = 0; d < expected.Length; d++) Assert.Equal(expected[d], got[d], 1e-5);
    }

    private LabelledVideo Render(string pattern)
    {
        var path = Path.Combine(_folder, pattern + ".mp4");
        using var process = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", $"{pattern}=size=64x48:rate=10:duration=2", "-pix_fmt", "yuv420p", path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return new(path, path, [$"a {pattern}", $"{pattern} seen"]);
    }

    private sealed record LabelledVideo(string VideoId, string VideoPath, [property: VectorType(2)] string[] Captions);
}
