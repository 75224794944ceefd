using Microsoft.ML;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>
/// What training takes from a data view, read in one pass: captions are small and kept; frames are not, except in a pool.
/// </summary>
/// <param name="Items">The videos with a caption and without an error.</param>
/// <param name="Skipped">The others, and why.</param>
internal sealed record TrainingData(IReadOnlyList<TrainingItem> Items, IReadOnlyList<SkippedVideo> Skipped)
{
    /// <summary>Reads all rows once.</summary>
    /// <param name="input">The data.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="pool">Takes the frames where they come from the column itself.</param>
    /// <param name="checkAlive">Called for each row; throws to end the reading.</param>
    internal static TrainingData Read(IDataView input, TrainingColumns columns, FramePool? pool, Action checkAlive)
    {
        var (items, skipped) = (new List<TrainingItem>(), new List<SkippedVideo>());
        using var cursor = input.GetRowCursor(columns.Read());
        var reader = new TrainingRowReader(cursor, columns);
        while (cursor.MoveNext())
        {
            checkAlive();
            if (reader.Read(out var fault) is not { } item)
            {
                skipped.Add(fault!);
                continue;
            }
            items.Add(item);
            pool?.Add(item.Clip, reader.Frames());
        }
        pool?.Flush();
        return new(items, skipped);
    }
}
