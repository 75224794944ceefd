using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Native;

namespace VideoCaptionRetrieval.Models.Tests.Clip;

public sealed class ClipTensorsTests
{
    [Fact]
    public void Of_Config_EqualsTheModulesParameters()
    {
        TorchRuntime.EnsureLoaded();
        using var model = new ClipModel(TinyClip.Config);
        Assert.Equal(Describe(model.named_parameters().Select(named => (named.name, named.parameter.shape))), Describe(ClipTensors.Of(TinyClip.Config)));
    }

    [Fact]
    public void OfText_Config_EqualsTheTextModulesParameters()
    {
        TorchRuntime.EnsureLoaded();
        using var model = new ClipTextModel(TinyClip.Config);
        Assert.Equal(Describe(model.named_parameters().Select(named => (named.name, named.parameter.shape))), Describe(ClipTensors.OfText(TinyClip.Config)));
    }

    private static IEnumerable<string> Describe(IReadOnlyDictionary<string, long[]> tensors) => Describe(tensors.Select(named => (named.Key, named.Value)));

    private static IEnumerable<string> Describe(IEnumerable<(string Name, long[] Shape)> tensors) =>
        tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]").Order(StringComparer.Ordinal);
}
