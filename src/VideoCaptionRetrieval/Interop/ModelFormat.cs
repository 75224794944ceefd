using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Identifies one component's part of a saved model.</summary>
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

/// <summary>A component that a saved model can hold.</summary>
internal interface ISavedModel<TSelf> where TSelf : class, ISavedModel<TSelf>
{
    /// <summary>The identity of the component's part.</summary>
    static abstract ModelFormat Format { get; }

    /// <summary>Reads the component back.</summary>
    static abstract TSelf Load(IHostEnvironment environment, ModelReader reader);
}

/// <summary>
/// Registers <typeparamref name="T"/> with ML.NET: a saved model names this assembly and the loader, ML.NET loads the assembly and
/// finds the loader here. So a program that loads a model needs no call of ours.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class SavedModelAttribute<T>(string summary, string userName, string loaderName)
    : LoadableClassAttributeBase(summary, typeof(T), typeof(ModelLoader<T>), null, [typeof(SignatureLoadModel)], userName, loaderName)
    where T : class, ISavedModel<T>;

/// <summary>Creates a component of a saved model: ML.NET looks for a static method of this name and these parameters.</summary>
internal static class ModelLoader<T> where T : class, ISavedModel<T>
{
    internal static T Create(IHostEnvironment environment, ModelLoadContext context) =>
        T.Load(environment, new ModelReader(context, T.Format));
}
