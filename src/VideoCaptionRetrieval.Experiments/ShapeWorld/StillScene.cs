namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>A still image: what is on it, where, and how it looks: flat paint, dark edges, a clean ground.</summary>
/// <param name="Scene">Entry of <see cref="Lexicon.Scenes"/>.</param>
/// <param name="Things">What is there, one or two.</param>
/// <param name="Places">The pose of each.</param>
/// <param name="Ground">The ground's colour.</param>
internal sealed record StillScene(int Scene, IReadOnlyList<Thing> Things, IReadOnlyList<Pose> Places, Rgb Ground)
{
    private const double ColourRange = 0.06;

    /// <summary>Draws a scene, but no pixels.</summary>
    internal static StillScene Draw(Draws draws, int things)
    {
        var scene = draws.Below(Lexicon.Scenes.Count);
        var cells = Cells.Draw(draws, things, jitter: 1.5);
        var all = new Thing[things];
        var places = new Pose[things];
        for (var i = 0; i < things; i++)
        {
            all[i] = Thing.Draw(draws);
            var radius = all[i].Size == 0 ? draws.Between(5.3, 6.1) : draws.Between(7.4, 8.2);
            places[i] = new(cells[i].X, cells[i].Y, radius, draws.Between(-0.2, 0.2), Palette.Colours[all[i].Colour].Near(draws, ColourRange));
        }
        return new(scene, all, places, Palette.Scenes[scene].Near(draws, ColourRange));
    }

    /// <summary>Draws the pixels.</summary>
    /// <param name="draws">Continues the numbers of <see cref="Draw"/>.</param>
    /// <param name="canvas">What is drawn on; all of it is covered.</param>
    internal void Paint(Draws draws, Canvas canvas)
    {
        canvas.Fill(Scene, Ground, draws.Between(0, 60), draws.Between(0, 60), Noise.Start(draws));
        for (var i = 0; i < Things.Count; i++) canvas.Draw(Things[i].Kind, Things[i].Texture, Places[i], hasEdge: true, shade: 0);
    }
}
