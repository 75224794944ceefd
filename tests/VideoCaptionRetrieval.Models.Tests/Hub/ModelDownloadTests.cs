using System.Security.Cryptography;
using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.TestSupport.Hub;

namespace VideoCaptionRetrieval.Models.Tests.Hub;

public sealed class ModelDownloadTests : HubTests
{
    private const string Weights = "model.safetensors";

    [Fact]
    public async Task RunAsync_GoodHub_WritesFilesAndWhereTheyComeFrom()
    {
        var content = Hub.AddCheckpoint();
        var files = await FetchAsync();

        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Equal(Hub.Files["config.json"], File.ReadAllBytes(In("config.json")));
        Assert.Equal(["config.json", Weights], files.Select(file => file.Name));
        Assert.All(files, file => Assert.True(file.IsNew));
        var record = DownloadRecord.Read(Folder)!;
        Assert.Equal(
            (LocalHub.Repository, "main", LocalHub.Commit, true), (record.Source, record.Revision, record.Commit, record.Complete));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), record.Files.Single(file => file.Name == Weights).Sha256);
        Assert.Equal(3, Directory.GetFiles(Folder).Length);
        Assert.Equal((Reports[^1].Total, Reports[^1].Total), (Reports[^1].Done, Reports[^1].Received));
        Assert.Contains(Hub.Requests, request => request.Target == $"/api/models/{LocalHub.Repository}/revision/main?blobs=true");
        Assert.Contains(Hub.Requests, request => request.Target == $"/{LocalHub.Repository}/resolve/{LocalHub.Commit}/{Weights}");
    }

    [Fact]
    public async Task RunAsync_CompleteFolder_FetchesNothing()
    {
        Hub.AddCheckpoint();
        await FetchAsync();
        var files = await FetchAsync();
        Assert.All(files, file => Assert.False(file.IsNew));
        Assert.Single(Hub.RequestsFor(Weights));
    }

    [Fact]
    public async Task RunAsync_DamagedFile_FetchesThatFileAgain()
    {
        var content = Hub.AddCheckpoint();
        await FetchAsync();
        File.WriteAllBytes(In(Weights), [.. content[..^1], (byte)(content[^1] ^ 1)]);
        var files = await FetchAsync();
        Assert.Equal([false, true], files.Select(file => file.IsNew));
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Contains(Notes, note => note.Contains("is replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_FolderOfSomebodyElse_IsNotOverwritten()
    {
        Hub.AddCheckpoint();
        Directory.CreateDirectory(Folder);
        File.WriteAllText(In(Weights), "trained");
        Assert.Contains("was not fetched by this command", await FailureAsync(), StringComparison.Ordinal);
        Assert.Equal("trained", File.ReadAllText(In(Weights)));
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task RunAsync_SameFilesFetchedByOtherMeans_AreTakenOver()
    {
        Hub.AddCheckpoint();
        Directory.CreateDirectory(Folder);
        foreach (var (name, content) in Hub.Files) File.WriteAllBytes(In(name), content);
        Assert.All(await FetchAsync(), file => Assert.False(file.IsNew));
        Assert.True(DownloadRecord.Read(Folder)!.Complete);
        Assert.Empty(Hub.RequestsFor(Weights));
    }

    [Fact]
    public async Task RunAsync_ConnectionEndsMidway_ContinuesFromThere()
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.BreaksOff, HubFault.BreaksOff);
        await FetchAsync();
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Equal([null, "bytes=150000-", "bytes=225000-"], Hub.RequestsFor(Weights).Select(request => request.Range));
    }

    [Fact]
    public async Task RunAsync_AfterAKilledRun_ContinuesThePart()
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, [.. Enumerable.Repeat(HubFault.Unavailable, 6)]);
        await FailureAsync();
        Assert.False(DownloadRecord.Read(Folder)!.Complete);
        Assert.False(File.Exists(In("config.json")));       // no file has its name before all are there
        File.WriteAllBytes(In(Weights + ".part"), content[..100_000]);

        await FetchAsync();
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Equal("bytes=100000-", Hub.RequestsFor(Weights)[^1].Range);
        Assert.Single(Hub.RequestsFor("config.json"));
        Assert.Empty(Directory.GetFiles(Folder, "*.part"));
        Assert.True(DownloadRecord.Read(Folder)!.Complete);
    }

    [Fact]
    public async Task RunAsync_PartThatDoesNotFit_IsFetchedAnew()
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, [.. Enumerable.Repeat(HubFault.Unavailable, 6)]);
        await FailureAsync();
        File.WriteAllBytes(In(Weights + ".part"), new byte[100_000]);

        await FetchAsync();
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Equal(["bytes=100000-", null], Hub.RequestsFor(Weights).TakeLast(2).Select(request => request.Range));
        Assert.Contains(Notes, note => note.Contains("does not fit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1_000_000)]     // longer than the file
    [InlineData(1_000)]         // begun for another content
    public async Task RunAsync_PartOfAnotherContent_IsNotContinued(int length)
    {
        var content = Hub.AddCheckpoint();
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(In(Weights + ".part"), new byte[length]);
        await FetchAsync();
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Null(Assert.Single(Hub.RequestsFor(Weights)).Range);
    }

    [Theory]
    [InlineData("IgnoresRange")]
    [InlineData("OtherRange")]
    [InlineData("RefusesRange")]
    public async Task RunAsync_ServerThatHandlesRangesBadly_StillGivesTheContent(string second)
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.BreaksOff, Enum.Parse<HubFault>(second));
        await FetchAsync();
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
    }

    [Fact]
    public async Task RunAsync_WrongContent_DeletesItAndSaysBothHashes()
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.WrongContent);
        var message = await FailureAsync();
        Assert.Contains($"expected SHA-256 {Convert.ToHexStringLower(SHA256.HashData(content))}", message, StringComparison.Ordinal);
        Assert.Contains("found SHA-256", message, StringComparison.Ordinal);
        Assert.False(File.Exists(In(Weights)) || File.Exists(In(Weights + ".part")));
    }

    [Fact]
    public async Task RunAsync_WrongContentOfASmallFile_IsFoundByGitsHash()
    {
        Hub.AddCheckpoint();
        Hub.Fail("config.json", HubFault.WrongContent);
        Assert.Contains("'config.json' of 'owner/clip': found git blob", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OtherLengthThanAnnounced_SaysBoth()
    {
        Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.WrongLength);
        Assert.Contains("sends 299999 bytes, expected 300000", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TooManyRequestsAndUnavailable_WaitsAsTheServerAsks()
    {
        Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.TooMany, HubFault.Unavailable, HubFault.Unavailable);
        await FetchAsync();
        Assert.Equal(TimeSpan.FromSeconds(7), Waits[0]);
        Assert.InRange(Waits[1].TotalSeconds, 2, 3);
        Assert.InRange(Waits[2].TotalSeconds, 4, 5);
        Assert.Contains("429", Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RetryAfterBeyondReason_EndsAndSaysSo()
    {
        Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.TooMany);
        var options = Options();
        options.MaxWait = TimeSpan.FromSeconds(6);
        Assert.Contains("the server asks to wait", await FailureAsync(options), StringComparison.Ordinal);
        Assert.Empty(Waits);
    }

    [Fact]
    public async Task RunAsync_NothingGoesRight_GivesUpAndKeepsThePart()
    {
        Hub.AddCheckpoint();
        Hub.Fail(Weights, [HubFault.BreaksOff, .. Enumerable.Repeat(HubFault.Unavailable, 20)]);
        Assert.Contains("503 Service Unavailable, 6 times in a row", await FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(6, Hub.RequestsFor(Weights).Count);
        Assert.Equal(150_000, new FileInfo(In(Weights + ".part")).Length);
    }

    [Fact]
    public async Task RunAsync_ServerClosesWithoutAnAnswer_GivesUpInTheEnd()
    {
        Hub.AddCheckpoint();
        Hub.Fail(Weights, [.. Enumerable.Repeat(HubFault.Closes, 100)]);
        Assert.Contains("the connection failed", await FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(5, Waits.Count);
    }

    [Fact]
    public async Task RunAsync_ConnectionWithoutBytes_IsGivenUpAndContinued()
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.Stalls);
        var options = Options();
        options.Stall = TimeSpan.FromSeconds(0.5);
        await FetchAsync(options);
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Equal("bytes=150000-", Hub.RequestsFor(Weights)[^1].Range);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsAtOnceAndKeepsThePart()
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, HubFault.Stalls);
        using var cancellation = new CancellationTokenSource();
        var fetching = FetchAsync(cancellation: cancellation.Token);
        while (!File.Exists(In(Weights + ".part")) || new FileInfo(In(Weights + ".part")).Length < 150_000) await Task.Yield();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);

        await FetchAsync();
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.Equal("bytes=150000-", Hub.RequestsFor(Weights)[^1].Range);
    }

    [Fact]
    public async Task RunAsync_DiskTooSmall_SaysWhatIsNeededBeforeItFetches()
    {
        Hub.AddCheckpoint();
        var options = Options();
        options.FreeSpace = _ => 200_000;
        Assert.Contains("300 kB are to be fetched, and its disk has 200 kB free", await FailureAsync(options), StringComparison.Ordinal);
        Assert.Empty(Hub.RequestsFor(Weights));
    }

    [Fact]
    public async Task RunAsync_PartIsHere_CountsForTheDisk()
    {
        var content = Hub.AddCheckpoint();
        Hub.Fail(Weights, [.. Enumerable.Repeat(HubFault.Unavailable, 6)]);
        await FailureAsync();
        File.WriteAllBytes(In(Weights + ".part"), content[..200_000]);
        var options = Options();
        options.FreeSpace = _ => 110_000;
        await FetchAsync(options);
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
    }

    [Fact]
    public async Task RunAsync_NewCommitOfAFile_ReplacesIt()
    {
        Hub.AddCheckpoint();
        await FetchAsync();
        Hub.Files["config.json"] = "{\"new\":1}\n"u8.ToArray();
        var files = await FetchAsync();
        Assert.Equal([true, false], files.Select(file => file.IsNew));
        Assert.Equal(Hub.Files["config.json"], File.ReadAllBytes(In("config.json")));
    }
}
