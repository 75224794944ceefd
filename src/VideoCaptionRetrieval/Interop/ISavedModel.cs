using Microsoft.ML.Runtime;

namespace VideoCaptionRetrieval.Interop;

/// <summary>A component that a saved model can hold.</summary>
internal interface ISavedModel<TSelf> where TSelf : class, ISavedModel<TSelf>
{
    /// <summary>The identity of the component's part.</summary>
    static abstract ModelFormat Format { get; }

    /// <summary>Reads the component back.</summary>
    static abstract TSelf Load(IHostEnvironment environment, ModelReader reader);
}
