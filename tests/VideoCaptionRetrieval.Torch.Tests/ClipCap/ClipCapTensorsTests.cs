using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Torch.ClipCap;
using VideoCaptionRetrieval.Torch.Native;

namespace VideoCaptionRetrieval.Torch.Tests.ClipCap;

public sealed class ClipCapTensorsTests
{
    // All sizes differ, so that none stands for another.
    private static readonly Gpt2Config Config =
        new() { VocabularySize = 50, HiddenSize = 16, Layers = 2, Heads = 4, Positions = 30, IntermediateSize = 40 };

    public static TheoryData<string, bool> Mappers()
    {
        var rows = new TheoryData<string, bool>();
        foreach (var kind in Enum.GetNames<ClipCapMapperKind>())
            foreach (var hasHead in new[] { true, false }) rows.Add(kind, hasHead);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Mappers))]
    public void List_AnyMapper_EqualsTheNetworksParameters(string kind, bool hasHead)
    {
        TorchRuntime.EnsureLoaded();
        var layout = new ClipCapLayout(Enum.Parse<ClipCapMapperKind>(kind), ClipSize: 12, PrefixLength: 5, Hidden: 18, ClipLength: 3, Layers: 2, hasHead);
        using var model = new ClipCapModel(Config, layout);
        ParameterList.AssertEqual(model, ClipCapTensors.List(Config, layout));
    }
}
