namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>One entry of a zip, as its directory lists it.</summary>
/// <param name="Name">Its name, with '/' between folders.</param>
/// <param name="Method">0 = stored as it is, 8 = deflated.</param>
/// <param name="StoredSize">Bytes in the file.</param>
/// <param name="Size">Bytes of the content.</param>
/// <param name="Header">Offset of its own header, which the content follows.</param>
internal sealed record ZipItem(string Name, int Method, long StoredSize, long Size, long Header)
{
    internal const int Deflated = 8;

    internal bool IsStored => Method == 0;
}
