namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Retries after transient faults with exponential backoff; a server's Retry-After takes precedence.</summary>
internal sealed class Retrying(HubOptions options)
{
    private const double Jitter = 0.25;
    private const string Kept = "What arrived is kept; the same command continues.";

    /// <summary>Runs <paramref name="attempt"/> until it returns; the attempt calls its argument when it has made progress.</summary>
    /// <exception cref="HubException">It failed too often in a row, or the server asks for too long a wait.</exception>
    internal async Task<T> RunAsync<T>(Uri address, Func<Action, Task<T>> attempt, CancellationToken cancellation)
    {
        for (var failures = 0; ;)
        {
            var forward = false;
            try
            {
                return await attempt(() => forward = true);
            }
            catch (TransientFault fault) when (!cancellation.IsCancellationRequested)
            {
                failures = forward ? 1 : failures + 1;
                var name = Display(address);
                if (failures >= options.Attempts)
                    throw new HubException($"{name}: {fault.Message}, {failures} times in a row. {Kept}", fault);
                if (fault.Wait > options.MaxWait)
                {
                    var minutes = Invariant($"{fault.Wait.Value.TotalMinutes:0} minutes");
                    throw new HubException($"{name}: {fault.Message}, and the server asks to wait {minutes}. {Kept}", fault);
                }
                var wait = fault.Wait ?? options.FirstWait * Math.Pow(2, failures - 1) * (1 + (Jitter * Random.Shared.NextDouble()));
                options.Say(Invariant($"{name}: {fault.Message}; trying again in {wait.TotalSeconds:0.#} s"));
                await options.Wait(wait, cancellation);
            }
        }
    }

    /// <summary>Returns an address without its query, which may hold the signature of a content delivery network.</summary>
    internal static string Display(Uri address) => address.GetLeftPart(UriPartial.Path);
}
