using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.Proofs;

/// <summary>How much of what captions say is in the picture, per cent.</summary>
/// <param name="Kind">Of the kinds that are named.</param>
/// <param name="Colour">Of the colours.</param>
/// <param name="Pair">Of a colour and the kind behind it.</param>
/// <param name="Scene">Of the scenes.</param>
internal sealed record CaptionPrecision(double Kind, double Colour, double Pair, double Scene)
{
    private static readonly Dictionary<string, int> _kinds = Entries(Lexicon.Kinds), _scenes = Entries(Lexicon.Scenes);
    private static readonly Dictionary<string, int> _colours = Entries([.. Lexicon.Colours.Select(word => new[] { word })]);

    /// <summary>Compares captions with what is there.</summary>
    internal static CaptionPrecision Of(IReadOnlyList<string> captions, IReadOnlyList<StillScene> pictures)
    {
        var (kinds, colours, pairs, scenes) = (new Share(), new Share(), new Share(), new Share());
        foreach (var (caption, picture) in captions.Zip(pictures))
        {
            int? colour = null;
            foreach (var word in caption.Split([' ', '.'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (_colours.TryGetValue(word, out var named))
                {
                    colour = named;
                    colours.Add(picture.Things.Any(thing => thing.Colour == named));
                }
                if (_scenes.TryGetValue(word, out var scene)) scenes.Add(picture.Scene == scene);
                if (!_kinds.TryGetValue(word, out var kind)) continue;
                kinds.Add(picture.Things.Any(thing => thing.Kind == kind));
                if (colour is { } painted) pairs.Add(picture.Things.Any(thing => thing.Kind == kind && thing.Colour == painted));
                colour = null;
            }
        }
        return new(kinds.PerCent, colours.PerCent, pairs.PerCent, scenes.PerCent);
    }

    private static Dictionary<string, int> Entries(IReadOnlyList<string[]> groups) =>
        groups.SelectMany((words, i) => words.Select(word => (word, i))).ToDictionary(entry => entry.word, entry => entry.i);

    private sealed class Share
    {
        private int _right, _all;

        internal double PerCent => 100.0 * _right / _all;

        internal void Add(bool right) => (_right, _all) = (_right + (right ? 1 : 0), _all + 1);
    }
}
