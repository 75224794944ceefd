using System.Text;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Path => System.IO.Path.Combine(_folder, "model.safetensors");

    [Fact]
    public void Write_ThenRead_SameValuesTypesAndShapes()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["b.half"] = TensorArithmetic.Indices(6, CPU).to(ScalarType.Float16).reshape(2, 3),
            ["a.single"] = linspace(-1, 1, 5),
            ["c.scalar"] = tensor(2.5),
            ["d.ids"] = tensor(new long[] { 1, -2, 3 }),
            ["e.empty"] = zeros(0, 4),
            ["f.transposed"] = TensorArithmetic.Indices(6, CPU).to(ScalarType.Float32).reshape(2, 3).t(),
        };

        TorchWeights.Write(Path, tensors);

        using var file = new SafetensorsFile(Path);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, expected) in tensors)
        {
            var got = file.Read(name);
            Assert.Equal(expected.dtype, got.dtype);
            Assert.Equal(expected.shape, got.shape);
            Assert.True(expected.allclose(got, rtol: 0, atol: 0), name);
        }
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("short", "5 bytes")]
    [InlineData("this is no safetensors file at all", "announce a header")]
    public void Open_NotSafetensors_NamesFileAndProblem(string content, string problem)
    {
        File.WriteAllText(Path, content);
        var e = Assert.Throws<ModelFileException>(() => new SafetensorsFile(Path));
        Assert.Contains(Path, e.Message);
        Assert.Contains(problem, e.Message);
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}""", "'w'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""", "'w'")]
    [InlineData("""{"w":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}}""", "'F7'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}""", "'w'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", "damaged")]
    [InlineData("""{"w":{"dtype":"F32"}}""", "damaged")]
    [InlineData("""{"w": """, "damaged")]
    public void Open_DamagedHeader_NamesTensorOrDamage(string header, string problem)
    {
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[4]]);
        var e = Assert.Throws<ModelFileException>(() => new SafetensorsFile(Path));
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void Read_MissingTensor_NamesIt()
    {
        TorchRuntime.EnsureLoaded();
        using var one = ones(1);
        TorchWeights.Write(Path, new Dictionary<string, Tensor> { ["present"] = one });
        using var file = new SafetensorsFile(Path);
        Assert.Contains("'absent'", Assert.Throws<ModelFileException>(() => file.Read("absent")).Message);
    }
}
