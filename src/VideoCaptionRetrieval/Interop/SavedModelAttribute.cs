using Microsoft.ML;

namespace VideoCaptionRetrieval.Interop;

/// <summary>
/// Registers <typeparamref name="T"/> with ML.NET: a saved model names this assembly and the loader, ML.NET loads the assembly and
/// finds the loader here. So a program that loads a model needs no call of ours.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class SavedModelAttribute<T>(string summary, string userName, string loaderName)
    : LoadableClassAttributeBase(summary, typeof(T), typeof(ModelLoader<T>), null, [typeof(SignatureLoadModel)], userName, loaderName)
    where T : class, ISavedModel<T>;
