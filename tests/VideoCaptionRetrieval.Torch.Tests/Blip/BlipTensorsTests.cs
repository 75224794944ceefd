using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Native;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

public sealed class BlipTensorsTests
{
    public BlipTensorsTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(true, true, true)]      // untied, as transformers writes it
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]     // tied to the word embeddings
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void ListCaptioner_AnyHead_EqualsTheNetworksParameters(bool weight, bool decoderBias, bool bias)
    {
        var head = new BlipHeadLayout(weight, decoderBias, bias);
        using var model = new BlipCaptioningModel(TinyBlip.Config, head);
        ParameterList.AssertEqual(model, BlipTensors.ListCaptioner(TinyBlip.Config, head));
    }

    [Fact]
    public void ListRetrieval_Config_EqualsTheNetworksParameters()
    {
        using var model = new BlipRetrievalModel(TinyBlip.Config);
        ParameterList.AssertEqual(model, BlipTensors.ListRetrieval(TinyBlip.Config));
    }

    [Fact]
    public void ListText_Config_IsWhatTheTextSideHas()
    {
        var whole = BlipTensors.ListRetrieval(TinyBlip.Config).Where(named => named.Key.StartsWith("text_", StringComparison.Ordinal));
        Assert.Equal(ParameterList.Describe(whole.ToDictionary()), ParameterList.Describe(BlipTensors.ListText(TinyBlip.Config)));
    }
}
