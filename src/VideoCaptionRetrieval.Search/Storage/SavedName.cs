using System.Text.Json;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>Names the values of enums in index.json, in kebab case, as saved models name them: a value that is added has its name at once.</summary>
internal static class SavedName
{
    /// <summary>Returns the name of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What it says, for the message.</param>
    /// <exception cref="ArgumentOutOfRangeException">The enum has no such value.</exception>
    internal static string Write<T>(T value, string what) where T : struct, Enum => Enum.IsDefined(value)
        ? JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString())
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"An index has no name for the {what} '{value}'.");

    /// <summary>Finds the value that has a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What it says, for the message.</param>
    /// <exception cref="ArgumentException">No value has this name.</exception>
    internal static T Read<T>(string name, string what) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Write(value, what) == name) return value;
        var expected = string.Join(" or ", Enum.GetValues<T>().Select(value => $"'{Write(value, what)}'"));
        throw new ArgumentException($"The {what} is '{name}'; expected {expected}.");
    }
}
