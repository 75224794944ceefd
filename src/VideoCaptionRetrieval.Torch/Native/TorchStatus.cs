
namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>Which libtorch is in use.</summary>
/// <param name="Folder">Where it was loaded from.</param>
/// <param name="Origin">Who named the folder: 'VCR_LIBTORCH', 'option', 'app', 'package cache', or 'TorchSharp'.</param>
/// <param name="Weakened">True where TorchSharp's library was loaded from a copy with one weak version need.</param>
internal sealed record TorchStatus(string Folder, string Origin, bool Weakened);
