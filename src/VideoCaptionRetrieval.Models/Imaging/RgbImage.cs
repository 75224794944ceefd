namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>A decoded image: [Height, Width, 3] bytes, RGB, row-major.</summary>
internal sealed record RgbImage(int Width, int Height, byte[] Pixels);
