namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>A still image: what is on it, where, and how it looks: flat paint, dark edges, a clean ground.</summary>
/// <param name="Scene">Entry of <see cref="Vocabulary.Scenes"/>.</param>
/// <param name="Objects">What is there, one or two.</param>
/// <param name="Places">The pose of each.</param>
/// <param name="Ground">The ground's colour.</param>
internal sealed record StillScene(int Scene, IReadOnlyList<SceneObject> Objects, IReadOnlyList<Pose> Places, Rgb Ground)
{
    private const double ColourRange = 0.06;

    /// <summary>Draws a scene, but no pixels.</summary>
    internal static StillScene Draw(RandomStream random, int objects)
    {
        var scene = random.Below(Vocabulary.Scenes.Count);
        var cells = Cells.Draw(random, objects, jitter: 1.5);
        var all = new SceneObject[objects];
        var places = new Pose[objects];
        for (var i = 0; i < objects; i++)
        {
            all[i] = SceneObject.Draw(random);
            var radius = all[i].Size == 0 ? random.Between(5.3, 6.1) : random.Between(7.4, 8.2);
            places[i] = new(cells[i].X, cells[i].Y, radius, random.Between(-0.2, 0.2), Palette.Colours[all[i].Colour].Near(random, ColourRange));
        }
        return new(scene, all, places, Palette.Scenes[scene].Near(random, ColourRange));
    }

    /// <summary>Draws the pixels.</summary>
    /// <param name="random">Continues the numbers of <see cref="Draw"/>.</param>
    /// <param name="canvas">What is drawn on; all of it is covered.</param>
    internal void Paint(RandomStream random, Canvas canvas)
    {
        canvas.Fill(Scene, Ground, random.Between(0, 60), random.Between(0, 60), Noise.Start(random));
        for (var i = 0; i < Objects.Count; i++) canvas.Draw(Objects[i].Kind, Objects[i].Texture, Places[i], hasEdge: true, shade: 0);
    }
}
