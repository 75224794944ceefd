using System.Reflection;
using Microsoft.ML;

namespace VideoCaptionRetrieval.Interop;

/// <summary>The identity of one component's part of a saved model.</summary>
/// <param name="Signature">Exactly eight characters, written at the start of the part.</param>
/// <param name="LoaderName">The name under which the component's loader is registered; at most 24 characters.</param>
/// <param name="Version">Counts the layouts of the part, from 1.</param>
internal sealed record ModelFormat(string Signature, string LoaderName, uint Version = 1)
{
    private const uint FirstVersion = 0x00010000;
    private const uint OldestReadable = FirstVersion + 1;

    /// <summary>The signature of version 1, where it was another; still read.</summary>
    internal string? FirstSignature { get; init; }

    /// <summary>The assembly that registers the loader; this one, except in tests.</summary>
    internal Assembly Assembly { get; init; } = typeof(ModelFormat).Assembly;

    // The simple name, not the full one: a model that a newer build has saved is then found by an older build too.
    internal VersionInfo ToVersionInfo(string? signature = null) => new(
        signature ?? Signature, FirstVersion + Version, FirstVersion + Version, OldestReadable,
        Assembly.GetName().Name!, LoaderName);
}
