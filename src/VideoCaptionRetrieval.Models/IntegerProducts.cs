namespace VideoCaptionRetrieval.Models;

/// <summary>How ONNX Runtime multiplies matrices of 8 bits. Embeddings of both ways agree to about 1e-3 in cosine.</summary>
public enum IntegerProducts
{
    /// <summary>By its fast kernels, whose sums are exact with VNNI instructions and on processors other than x64.</summary>
    Plain,

    /// <summary>By its precise mode, which x64 processors without VNNI need.</summary>
    Precise,
}
