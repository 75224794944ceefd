namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// Draws the frames of a scene as a bad camera sees them: no edges, shading, a colour cast, clutter that drifts, blur, noise. All of it
/// grows with the gap. Not thread-safe.
/// </summary>
/// <param name="size">S, pixels: a multiple of <see cref="Canvas.WorldSize"/>.</param>
/// <param name="gap">How far the video domain is from that of still images; 0 = as near as videos come.</param>
internal sealed class VideoRenderer(int size, double gap)
{
    private readonly Canvas _canvas = new(size);
    private readonly float[] _before = new float[size * size], _after = new float[size * size];
    private readonly CameraBlur _blur = new(size);

    /// <summary>Bytes of a frame.</summary>
    internal int FrameBytes => size * size * 3;

    /// <summary>Draws all frames.</summary>
    /// <param name="scene">What happens.</param>
    /// <param name="draws">Continues the numbers of the scene.</param>
    /// <param name="frames">T.</param>
    /// <param name="target">[T, S, S, 3].</param>
    internal void Render(VideoScene scene, Draws draws, int frames, Span<byte> target)
    {
        var look = new Look(draws, gap);
        SmoothField.Draw(draws, _before, size);
        SmoothField.Draw(draws, _after, size);
        for (var t = 0; t < frames; t++)
        {
            var time = frames > 1 ? t / (float)(frames - 1) : 0;
            _canvas.Fill(scene.Scene, scene.Ground, look.ShiftX + (look.DriftX * time), look.ShiftY + (look.DriftY * time), Noise.Start(draws));
            foreach (var actor in scene.Actors.Where(actor => actor.IsThere(time)))
            {
                // The paint is mixed while a thing changes; its texture never does.
                _canvas.Draw(actor.Thing.Kind, actor.Thing.Texture, actor.At(time), hasEdge: false, (float)(0.35 * gap));
            }
            Film(look, time, Noise.Start(draws));
            _canvas.CopyTo(target.Slice(t * FrameBytes, FrameBytes));
        }
    }

    /// <summary>What the light and the camera do to a finished picture.</summary>
    private void Film(Look look, float time, int noise)
    {
        var (clutter, grain) = ((float)(0.14 * gap), (float)(0.05 * gap));
        var pixels = _canvas.Pixels;
        for (var place = 0; place < size * size; place++)
        {
            var light = clutter * (_before[place] + ((_after[place] - _before[place]) * time));
            for (var channel = 0; channel < 3; channel++)
                pixels[(3 * place) + channel] = ((pixels[(3 * place) + channel] + light) * look.Cast[channel]) + look.Light;
        }
        _blur.Apply(pixels, look.Blur, (int)_canvas.Scale);
        for (var i = 0; i < pixels.Length; i++) pixels[i] += grain * Noise.At(noise, i);
    }

    /// <summary>What stays the same through a video.</summary>
    private readonly struct Look
    {
        internal Look(Draws draws, double gap)
        {
            (ShiftX, ShiftY, DriftX, DriftY) = (draws.Between(0, 60), draws.Between(0, 60), draws.Between(-12, 12), draws.Between(-12, 12));
            Cast = [Channel(draws, gap), Channel(draws, gap), Channel(draws, gap)];
            (Light, Blur) = ((float)(gap * draws.Between(-0.1, 0.1)), (float)(gap * draws.Between(0.3, 1)));
        }

        internal float ShiftX { get; }

        internal float ShiftY { get; }

        internal float DriftX { get; }

        internal float DriftY { get; }

        internal float[] Cast { get; }

        internal float Light { get; }

        internal float Blur { get; }

        private static float Channel(Draws draws, double gap) => 1 + (float)(gap * draws.Between(-0.2, 0.2));
    }
}
