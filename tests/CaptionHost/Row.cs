/// <summary>A video's frames.</summary>
internal sealed class Row
{
    public byte[] Frames { get; set; } = [];
}
