namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>What a server announces about a file's content.</summary>
internal enum HashKind
{
    /// <summary>SHA-256 of the content.</summary>
    Sha256,

    /// <summary>Git's name of the content: SHA-1 of "blob LENGTH", a zero byte and the content. The hub names small files so.</summary>
    GitBlob,

    /// <summary>MD5 of the content, which Google's storage announces: it finds damage, not forgery.</summary>
    Md5,
}
