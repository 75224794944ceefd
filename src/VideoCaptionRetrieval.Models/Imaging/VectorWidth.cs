namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Which vectors sum the taps of a resize; all give the same bytes.</summary>
internal enum VectorWidth
{
    /// <summary>None: plain loops.</summary>
    Scalar,

    /// <summary>128 bits, on any processor that has them.</summary>
    Bits128,

    /// <summary>256 bits of x86 (AVX2).</summary>
    Bits256,

    /// <summary>512 bits of x86 (AVX-512BW).</summary>
    Bits512,
}
