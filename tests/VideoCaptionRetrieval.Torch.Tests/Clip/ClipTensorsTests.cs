using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Native;

namespace VideoCaptionRetrieval.Torch.Tests.Clip;

public sealed class ClipTensorsTests
{
    [Fact]
    public void List_Config_EqualsTheNetworksParameters()
    {
        TorchRuntime.EnsureLoaded();
        using var model = new ClipModel(TinyClip.Config);
        ParameterList.AssertEqual(model, ClipTensors.List(TinyClip.Config));
    }

    [Fact]
    public void ListText_Config_IsWhatTheTextSideHas()
    {
        var whole = ClipTensors.List(TinyClip.Config).Where(named => named.Key.StartsWith("text_", StringComparison.Ordinal));
        Assert.Equal(ParameterList.Describe(whole.ToDictionary()), ParameterList.Describe(ClipTensors.ListText(TinyClip.Config)));
    }
}
