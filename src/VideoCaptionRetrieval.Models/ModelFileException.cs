namespace VideoCaptionRetrieval.Models;

/// <summary>A model folder or file is missing, damaged, or holds something that this library does not implement.</summary>
/// <remarks>The message names the file (and the tensor or configuration key), what was found, and what was expected.</remarks>
public sealed class ModelFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file or folder at fault.</param>
    /// <param name="problem">What was found, what was expected, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ModelFileException(string path, string problem, Exception? innerException = null)
        : base($"'{path}': {problem}", innerException) => Path = path;

    /// <summary>The file or folder at fault.</summary>
    public string Path { get; }
}
