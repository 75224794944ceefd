#pragma warning disable CA5351 // MD5: what Google's storage announces.
using System.Security.Cryptography;
using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.TestSupport.Hub;

namespace VideoCaptionRetrieval.Models.Tests.Hub;

/// <summary>Single files at public addresses, without a hub.</summary>
public sealed class AddressDownloadTests : HubTests
{
    private const string Name = "model_base.pth";

    [Fact]
    public async Task RunAsync_ServerAnnouncesMd5_ChecksIt()
    {
        var (content, file) = Prepare();
        Hub.FileHeaders = $"x-goog-hash: crc32c=AAAAAA==\r\nx-goog-hash: md5={Convert.ToBase64String(MD5.HashData(content))}\r\n";
        Hub.Fail(Name, HubFault.WrongContent);
        var failure = await Assert.ThrowsAsync<HubException>(() => RunAsync(file));
        Assert.Contains("expected MD5", failure.Message, StringComparison.Ordinal);
        Assert.True(Assert.Single(await RunAsync(file)).IsNew);
        Assert.False(Assert.Single(await RunAsync(file)).IsNew);
    }

    [Fact]
    public async Task RunAsync_ServerAnnouncesNothing_ContinuesByTagAndSaysSo()
    {
        var (content, file) = Prepare();
        Hub.FileHeaders = "ETag: \"generation-7\"\r\n";
        Hub.Fail(Name, HubFault.BreaksOff);
        await RunAsync(file);
        Assert.Equal(content, File.ReadAllBytes(In(Name)));
        Assert.Equal("\"generation-7\"", Hub.RequestsFor(Name)[^1].Headers["If-Range"]);
        Assert.Contains(Notes, note => note.Contains("announces no hash", StringComparison.Ordinal));
        Assert.False(Assert.Single(await RunAsync(file)).IsNew);
    }

    [Fact]
    public async Task RunAsync_AddressWithItsHash_ChecksIt()
    {
        var (content, file) = Prepare();
        var wrong = file with { Hash = new(HashKind.Sha256, new string('0', 64)) };
        var failure = await Assert.ThrowsAsync<HubException>(() => RunAsync(wrong));
        Assert.Contains("expected SHA-256 0000", failure.Message, StringComparison.Ordinal);
        await RunAsync(file with { Hash = new(HashKind.Sha256, Convert.ToHexStringLower(SHA256.HashData(content))) });
        Assert.Equal(content, File.ReadAllBytes(In(Name)));
    }

    [Fact]
    public async Task FindAsync_OpenAIsFile_BringsTheTokenizerThatItNeeds()
    {
        Hub.AddCheckpoint();
        foreach (var name in new[] { "vocab.json", "merges.txt" }) Hub.Files[name] = "{}"u8.ToArray();
        var options = Options();
        using var client = new HubClient(options);
        var fetch = await ModelFetch.FindAsync(client, options, "openai-vit-b-32", null, [], default);
        Assert.Equal(["vocab.json", "merges.txt", "ViT-B-32.pt"], fetch.Files.Select(file => file.Name));
        Assert.All(fetch.Files.Take(2), file => Assert.StartsWith($"{Hub.Address}/openai/clip-vit-base-patch32/resolve/{LocalHub.Commit}/", $"{file.Address}"));
        Assert.Equal("openaipublic.azureedge.net", fetch.Files[^1].Address.Host);
        Assert.NotNull(fetch.Files[^1].Hash);
    }

    [Fact]
    public void KnownModels_OpenAIAddresses_CarryTheirHash()
    {
        var files = KnownModels.All.Where(model => model.Sha256 is not null).ToList();
        Assert.Equal(4, files.Count);
        Assert.All(files, model => Assert.Equal(model.Sha256, new Uri(model.Source).Segments[^2].TrimEnd('/')));
        Assert.All(files, model => Assert.Equal(64, model.Sha256!.Length));
    }

    [Fact]
    public void KnownModels_All_HaveNamesThatMakeFolders()
    {
        Assert.All(KnownModels.All, model => Assert.True(RepositoryName.IsValid(model.Name) && !model.Name.Contains('/')));
        Assert.All(KnownModels.All.Where(model => !model.IsAddress), model => Assert.True(RepositoryName.IsValid(model.Source)));
        Assert.Equal(KnownModels.All.Count, KnownModels.All.DistinctBy(model => model.Name.ToUpperInvariant()).Count());
        Assert.Same(KnownModels.Find("CLIP-VIT-BASE-PATCH16"), KnownModels.Find("openai/clip-vit-base-patch16"));
    }

    private (byte[] Content, HubFile File) Prepare()
    {
        var content = Hub.AddCheckpoint(weights: Name);
        Hub.Large.Clear();
        return (content, new(Name, new($"{Hub.Address}/models/{Name}")));
    }

    private async Task<IReadOnlyList<FetchedFile>> RunAsync(HubFile file)
    {
        var options = Options();
        using var client = new HubClient(options);
        var snapshot = new HubSnapshot($"{file.Address}", null, null, [file]);
        return await new ModelDownload(client, options).RunAsync(snapshot, [file], Folder, new Progress<DownloadProgress>(), default);
    }
}
