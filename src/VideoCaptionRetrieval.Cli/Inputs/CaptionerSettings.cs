using VideoCaptionRetrieval.Cli.Commands;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>What a command line says about its captioners.</summary>
/// <param name="Captioners">NAME=DIR or NAME=URL, as they were given.</param>
/// <param name="Clips">NAME=DIR: the CLIPs of ClipCaps.</param>
/// <param name="Decoding">How texts are decoded, where it was said.</param>
/// <param name="Chat">How chat models are asked.</param>
internal sealed record CaptionerSettings(IReadOnlyList<string> Captioners, IReadOnlyList<string> Clips, DecodingSettings Decoding, ChatEndpoint Chat);
