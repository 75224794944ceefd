using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.TestSupport.Hub;

namespace VideoCaptionRetrieval.Models.Tests.Hub;

public sealed class HubApiTests : HubTests
{
    private const string Weights = "model.safetensors";

    [Fact]
    public async Task FetchAsync_StorageOnAnotherHost_NeverGetsTheToken()
    {
        var content = Hub.AddCheckpoint();
        using var storage = new LocalHub();
        storage.Files[Weights] = content;
        Hub.Storage = storage.Address;
        storage.Fail(Weights, HubFault.BreaksOff);
        var options = Options();
        options.Token = "hf_secret";
        await FetchAsync(options);

        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.All(Hub.Requests, request => Assert.Equal("Bearer hf_secret", request.Authorization));
        Assert.Equal([null, "bytes=150000-"], storage.Requests.Select(request => request.Range));
        Assert.All(storage.Requests, request => Assert.Null(request.Authorization));
        Assert.DoesNotContain(Notes, note => note.Contains("Signature", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FetchAsync_ListingWithoutSizesAndHashes_AsksForThem()
    {
        var content = Hub.AddCheckpoint();
        using var storage = new LocalHub();
        storage.Files[Weights] = content;
        (Hub.Storage, Hub.ListsNamesOnly) = (storage.Address, true);
        storage.Fail(Weights, HubFault.WrongContent);
        Assert.Contains("found SHA-256", await FailureAsync(), StringComparison.Ordinal);
        await FetchAsync();
        Assert.Equal(content, File.ReadAllBytes(In(Weights)));
        Assert.DoesNotContain(storage.Requests, request => request.Method == "HEAD");
    }

    [Fact]
    public async Task FetchAsync_Revision_IsAskedForAndFilesAreOfItsCommit()
    {
        Hub.AddCheckpoint();
        await FetchAsync(revision: "refs/pr/18");
        Assert.Contains(Hub.Requests, request => request.Target == $"/api/models/{LocalHub.Repository}/revision/refs%2Fpr%2F18?blobs=true");
        Assert.Contains(Hub.Requests, request => request.Target.Contains($"/resolve/{LocalHub.Commit}/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("404 Not Found", "X-Error-Code: RevisionNotFound\r\n", "RevisionNotFound")]
    [InlineData("401 Unauthorized", "X-Error-Message: Repository not found\r\n", "set HF_TOKEN")]
    [InlineData("403 Forbidden", "X-Error-Code: GatedRepo\r\n", "accept terms")]
    [InlineData("400 Bad Request", "", "400 Bad Request")]
    [InlineData("302 Found", "Location: ftp://elsewhere/x\r\n", "redirects to 'ftp://elsewhere'")]
    public async Task FetchAsync_RefusedListing_SaysWhyAndWhatToDo(string status, string headers, string said)
    {
        Hub.AddCheckpoint();
        (Hub.ListingStatus, Hub.ListingHeaders) = (status, headers);
        Assert.Contains(said, await FailureAsync(), StringComparison.Ordinal);
        Assert.Single(Hub.Requests);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task FetchAsync_RedirectInACircle_IsGivenUp()
    {
        (Hub.ListingStatus, Hub.ListingHeaders) = ("307 Temporary Redirect", "Location: /api/models/other\r\n");
        Assert.Contains("redirected 10 times", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_AnswerThatIsNoListing_SaysWhatIsExpected()
    {
        Hub.ListingStatus = "200 OK";
        Assert.Contains("expected JSON with 'sha' and 'siblings'", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_FileChangesBetweenListingAndDownload_IsAnError()
    {
        Hub.AddCheckpoint();
        Hub.AnnouncedHash[Weights] = new string('b', 64);
        using var client = new HubClient(Options());
        var fetch = await ModelFetch.FindAsync(client, Options(), LocalHub.Repository, null, [], default);
        Hub.AnnouncedHash.Clear();
        var failure = await Assert.ThrowsAsync<HubException>(() =>
            new ModelDownload(client, Options()).RunAsync(fetch.Snapshot, fetch.Files, Folder, new Progress<DownloadProgress>(), default));
        Assert.Contains("announced SHA-256 bbbb", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../config.json")]
    [InlineData("/config.json")]
    [InlineData("a/../../config.json")]
    [InlineData("a//b.json")]
    [InlineData("a\\b.json")]
    [InlineData("c:b.json")]
    [InlineData("a\u0001.json")]
    [InlineData("..")]
    [InlineData(".git/config.json")]
    [InlineData("model.part")]
    [InlineData("vcr-source.json")]
    public async Task FetchAsync_HostileFileName_IsRefusedBeforeAnythingIsWritten(string name)
    {
        Hub.AddCheckpoint();
        Hub.Files[name] = [1, 2, 3];
        Assert.Contains("which is refused", await FailureAsync(patterns: "*"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
        Assert.Single(Hub.Requests);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b/c")]
    [InlineData("a/..")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task FetchAsync_NameThatIsNoRepository_ListsKnownNames(string name)
    {
        Assert.Contains("clip-vit-base-patch16", await FailureAsync(name: name), StringComparison.Ordinal);
        Assert.Empty(Hub.Requests);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("huggingface")]
    [InlineData("http://user:word@host")]
    public void HubClient_EndpointThatIsNone_SaysWhatIsExpected(string endpoint)
    {
        var failure = Assert.Throws<HubException>(() => new HubClient(new HubOptions { Endpoint = endpoint }));
        Assert.Contains("expected an address such as https://huggingface.co", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_ModelOnGoogleDrive_SaysWhereAPersonFindsIt()
    {
        Assert.Contains("https://drive.google.com/", await FailureAsync(name: "clipcap-coco"), StringComparison.Ordinal);
        Assert.Empty(Hub.Requests);
    }
}
