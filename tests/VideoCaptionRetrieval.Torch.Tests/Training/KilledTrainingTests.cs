using System.Globalization;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

/// <summary>A training that is killed at random moments ends with the weights of an unbroken one.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private const int Kills = 10, Epochs = 30;
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-killed-training-").FullName;

    public void Dispose()
    {
        _checkpoint.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Fit_KilledAtTenMoments_SameWeightsToTheBit()
    {
        var (checkpoints, random) = (Path.Combine(_folder, "broken"), new Random(3));
        var broken = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = Steps(checkpoints);
            using var host = TestProgram.Start("TrainHost", Arguments(checkpoints, "killed"));
            SpinWait.SpinUntil(() => host.HasExited || Steps(checkpoints) > before, TimeSpan.FromMinutes(1));
            Thread.Sleep(random.Next(0, 120));
            if (!host.HasExited) broken++;
            host.Kill();
            host.WaitForExit();
        }
        Assert.True(broken > Kills / 2, $"only {broken} of {Kills} runs were still at work when they were killed");
        Finish(checkpoints, "resumed");
        Finish(Path.Combine(_folder, "unbroken"), "whole");

        var (resumed, whole) = (TrainedWeights.Of(Path.Combine(_folder, "resumed")), TrainedWeights.Of(Path.Combine(_folder, "whole")));
        Assert.All(whole, named => Assert.Equal(named.Value, resumed[named.Key]));
        Assert.Equal(2, Directory.GetDirectories(checkpoints, "step-*").Count(path => !path.EndsWith(".tmp", StringComparison.Ordinal)));
    }

    private void Finish(string checkpoints, string output)
    {
        using var host = TestProgram.Start("TrainHost", Arguments(checkpoints, output));
        host.WaitForExit();
        Assert.Equal(0, host.ExitCode);
    }

    private string[] Arguments(string checkpoints, string output) => [_checkpoint.Folder, checkpoints, Path.Combine(_folder, output), $"{Epochs}"];

    /// <summary>The number of the last complete checkpoint; 0 where there is none.</summary>
    private static int Steps(string checkpoints) => Directory.Exists(checkpoints)
        ? Directory.GetDirectories(checkpoints, "step-*").Select(path => int.TryParse(Path.GetFileName(path)["step-".Length..], CultureInfo.InvariantCulture, out var step) ? step : 0)
            .DefaultIfEmpty(0).Max()
        : 0;
}
