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
    /// <param name="random">Continues the numbers of the scene.</param>
    /// <param name="frames">T.</param>
    /// <param name="target">[T, S, S, 3].</param>
    internal void Render(VideoScene scene, RandomStream random, int frames, Span<byte> target)
    {
        var look = new Look(random, gap);
        SmoothField.Draw(random, _before, size);
        SmoothField.Draw(random, _after, size);
        for (var t = 0; t < frames; t++)
        {
            var time = frames > 1 ? t / (float)(frames - 1) : 0;
            _canvas.Fill(scene.Scene, scene.Ground, look.ShiftX + (look.DriftX * time), look.ShiftY + (look.DriftY * time), Noise.Start(random));
            foreach (var actor in scene.Actors.Where(actor => actor.IsThere(time)))
            {
                // The paint is mixed while an object changes; its texture never does.
                _canvas.Draw(actor.Object.Kind, actor.Object.Texture, actor.At(time), hasEdge: false, (float)(0.35 * gap));
            }
            Film(look, time, Noise.Start(random));
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
        internal Look(RandomStream random, double gap)
        {
            (ShiftX, ShiftY, DriftX, DriftY) = (random.Between(0, 60), random.Between(0, 60), random.Between(-12, 12), random.Between(-12, 12));
            Cast = [Channel(random, gap), Channel(random, gap), Channel(random, gap)];
            (Light, Blur) = ((float)(gap * random.Between(-0.1, 0.1)), (float)(gap * random.Between(0.3, 1)));
        }

        internal float ShiftX { get; }

        internal float ShiftY { get; }

        internal float DriftX { get; }

        internal float DriftY { get; }

        internal float[] Cast { get; }

        internal float Light { get; }

        internal float Blur { get; }

        private static float Channel(RandomStream random, double gap) => 1 + (float)(gap * random.Between(-0.2, 0.2));
    }
}

/// <summary>Blurs a picture by three taps along rows and columns. Not thread-safe.</summary>
/// <param name="size">S, pixels.</param>
internal sealed class CameraBlur(int size)
{
    private readonly float[] _row = new float[size * size * 3];

    /// <summary>Blurs in place.</summary>
    /// <param name="pixels">[S, S, 3].</param>
    /// <param name="deviation">That of the bell curve, in taps.</param>
    /// <param name="distance">Pixels between taps.</param>
    internal void Apply(float[] pixels, float deviation, int distance)
    {
        var side = MathF.Exp(-0.5f / MathF.Pow(Math.Max(deviation, 0.1f), 2));
        Along(pixels, _row, side, distance, step: 3, line: size * 3);
        Along(_row, pixels, side, distance, step: size * 3, line: 3);
    }

    /// <param name="source">What is blurred.</param>
    /// <param name="target">Takes the result.</param>
    /// <param name="side">Weight of the outer taps; that of the middle one is 1.</param>
    /// <param name="distance">Pixels between taps.</param>
    /// <param name="step">Numbers from a pixel to the next one along the blur.</param>
    /// <param name="line">Numbers from a line to the next one.</param>
    private void Along(float[] source, float[] target, float side, int distance, int step, int line)
    {
        var total = 1 + (2 * side);
        for (var i = 0; i < size; i++)
        {
            var (before, here, after) = (Math.Max(i - distance, 0) * step, i * step, Math.Min(i + distance, size - 1) * step);
            for (var j = 0; j < size; j++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var place = (j * line) + channel;
                    target[place + here] = (source[place + here] + (side * (source[place + before] + source[place + after]))) / total;
                }
        }
    }
}
