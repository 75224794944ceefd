using System.Globalization;
using System.Text;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Compares the names by which queries call videos with what the videos are called, before anything is embedded.</summary>
internal static class QueryNames
{
    private const int Shown = 3;

    /// <summary>Says which names are not among the videos, and what they may mean.</summary>
    /// <param name="context">Receives the message where some names are known.</param>
    /// <param name="file">The queries.</param>
    /// <param name="names">The name of each query's video.</param>
    /// <param name="clips">The videos.</param>
    /// <exception cref="UserErrorException">No query is about one of the videos.</exception>
    internal static void Check(CommandContext context, string file, IReadOnlyList<string> names, IReadOnlyList<VideoClip> clips)
    {
        var known = clips.Select(clip => VideoListing.Normalise(clip.VideoId)).ToHashSet(StringComparer.Ordinal);
        var unknown = names.Where(name => !known.Contains(VideoListing.Normalise(name))).ToList();
        if (unknown.Count == 0) return;
        var likely = new LikelyNames(clips.Select(clip => clip.VideoId));
        var examples = unknown.Distinct(StringComparer.Ordinal).Take(Shown).Select(name => likely.Find(name) is { } match
            ? $"'{name}' (may mean '{match}')"
            : $"'{name}'");
        var message = Invariant($"'{file}': {unknown.Count:#,0} of {names.Count:#,0} queries are about videos that are not among the {clips.Count:#,0} given. ")
            + $"The queries call them {string.Join(", ", examples)}; the videos are called as they are given, such as '{clips[0].VideoId}'.";
        if (unknown.Count == names.Count) throw new UserErrorException(message);
        context.Report(message);
    }
}

/// <summary>Finds what a name may mean that is spelt otherwise: a Windows path, accents encoded in another way, no folder, no extension.</summary>
internal sealed class LikelyNames
{
    /// <summary>From the closest to the loosest; each reads what the one before it wrote.</summary>
    private static readonly Func<string, string>[] Spellings = [Portable, Folded, LastPart, WithoutExtension, WithoutBounds];

    private readonly List<Dictionary<string, string?>> _bySpelling = [.. Spellings.Select(_ => new Dictionary<string, string?>(StringComparer.Ordinal))];

    /// <param name="names">The names that exist.</param>
    internal LikelyNames(IEnumerable<string> names)
    {
        foreach (var name in names)
            foreach (var (spelling, known) in Spell(name).Zip(_bySpelling))
                if (!known.TryAdd(spelling, name)) known[spelling] = null;      // several: none is likelier
    }

    /// <summary>The one name that is like the given one; null where there is none, or several.</summary>
    internal string? Find(string name) => Spell(name).Zip(_bySpelling).Select(pair => pair.Second.GetValueOrDefault(pair.First)).FirstOrDefault(match => match is not null);

    private static IEnumerable<string> Spell(string name)
    {
        foreach (var spell in Spellings) yield return name = spell(name);
    }

    private static string Portable(string name) => VideoListing.Normalise(name.Replace('\\', '/'));

    /// <summary>
    /// Without case, and with one sign for any letters that are not ASCII and their accents: equal whether an accent is part of its letter (NFC) or
    /// follows it (NFD). .NET's own comparison needs ICU, which the tool does without.
    /// </summary>
    private static string Folded(string name)
    {
        var folded = new StringBuilder();
        foreach (var letter in name)
        {
            var accent = CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;
            if (char.IsAscii(letter)) folded.Append(char.ToLowerInvariant(letter));
            else
            {
                if (accent && folded.Length > 0 && folded[^1] != Other) folded.Length--;
                if (folded.Length == 0 || folded[^1] != Other) folded.Append(Other);
            }
        }
        return folded.ToString();
    }

    private const char Other = '\u0001';

    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string WithoutExtension(string name) =>
        name.LastIndexOf('#') is > 0 and var bounds ? WithoutExtension(name[..bounds]) + name[bounds..]
        : Path.GetExtension(name) is { Length: > 1 and <= 5 } extension ? name[..^extension.Length] : name;

    private static string WithoutBounds(string name) => name.LastIndexOf('#') is > 0 and var bounds ? name[..bounds] : name;
}
