using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests;

/// <summary>Compares tables of names and shapes, which need no libtorch, with the parameters of networks.</summary>
internal static class ParameterList
{
    internal static void AssertEqual(nn.Module network, IReadOnlyDictionary<string, long[]> listed) =>
        Assert.Equal(Describe(network.named_parameters().Select(named => (named.name, named.parameter.shape))), Describe(listed));

    internal static IEnumerable<string> Describe(IReadOnlyDictionary<string, long[]> tensors) =>
        Describe(tensors.Select(named => (named.Key, named.Value)));

    private static IEnumerable<string> Describe(IEnumerable<(string Name, long[] Shape)> tensors) =>
        tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]").Order(StringComparer.Ordinal);
}
