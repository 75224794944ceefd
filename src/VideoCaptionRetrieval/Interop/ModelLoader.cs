using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace VideoCaptionRetrieval.Interop;

/// <summary>What ML.NET calls to read a component: it looks for a static method of this name and these parameters.</summary>
internal static class ModelLoader<T> where T : class, ISavedModel<T>
{
    internal static T Create(IHostEnvironment environment, ModelLoadContext context) =>
        T.Load(environment, new ModelReader(context, T.Format));
}
