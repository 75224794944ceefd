using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SearchService;

/// <summary>Healthy while the index answers and the model can be read.</summary>
internal sealed class SearchHealthCheck(VideoSearcher searcher) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // What is thrown here counts as unhealthy, and the log has it.
        searcher.Check(cancellationToken);
        return Task.FromResult(HealthCheckResult.Healthy($"{searcher.Videos} videos"));
    }
}
