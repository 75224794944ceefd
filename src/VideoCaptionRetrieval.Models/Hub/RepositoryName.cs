using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Names of repositories on the hub: OWNER/NAME, and a few old ones without owner.</summary>
internal static partial class RepositoryName
{
    /// <summary>Whether a text can be one: the name becomes part of addresses and of a folder's path.</summary>
    internal static bool IsValid(string name) => Form.IsMatch(name) && !name.Split('/').Any(part => part.All(letter => letter == '.'));

    /// <summary>The part after the owner.</summary>
    internal static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,96}(/[A-Za-z0-9._-]{1,96})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}
