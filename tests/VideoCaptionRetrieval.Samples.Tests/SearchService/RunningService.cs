using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace VideoCaptionRetrieval.Samples.Tests.SearchService;

/// <summary>samples/SearchService in this process, with a model and an index.</summary>
internal sealed class RunningService(string model, string index) : WebApplicationFactory<Program>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("VideoSearch:Model", model);
        builder.UseSetting("VideoSearch:Index", index);
        builder.UseSetting("Logging:LogLevel:Default", "None");
    }
}
