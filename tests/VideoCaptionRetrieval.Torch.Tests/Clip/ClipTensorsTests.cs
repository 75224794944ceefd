using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Native;

namespace VideoCaptionRetrieval.Torch.Tests.Clip;

public sealed class ClipTensorsTests
{
    [Fact]
    public void Of_Config_EqualsTheModulesParameters()
    {
        TorchRuntime.EnsureLoaded();
        using var model = new ClipModel(TinyClip.Config);
        Assert.Equal(Describe(model.named_parameters().Select(named => (named.name, named.parameter.shape))),
            Describe(ClipTensors.List(TinyClip.Config)));
    }

    [Fact]
    public void OfText_Config_IsWhatTheTextSideHas()
    {
        var whole = ClipTensors.List(TinyClip.Config).Where(named => named.Key.StartsWith("text_", StringComparison.Ordinal));
        Assert.Equal(Describe(whole.ToDictionary()), Describe(ClipTensors.ListText(TinyClip.Config)));
    }

    private static IEnumerable<string> Describe(IReadOnlyDictionary<string, long[]> tensors) =>
        Describe(tensors.Select(named => (named.Key, named.Value)));

    private static IEnumerable<string> Describe(IEnumerable<(string Name, long[] Shape)> tensors) =>
        tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]").Order(StringComparer.Ordinal);
}
