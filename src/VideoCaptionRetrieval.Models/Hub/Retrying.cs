namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Tries again after transient faults, with waits that double; a server's Retry-After goes before them.</summary>
internal sealed class Retrying(HubOptions options)
{
    private const double Jitter = 0.25;
    private const string Kept = "What arrived is kept; the same command continues.";

    /// <summary>Runs <paramref name="attempt"/> until it returns; its argument says that the attempt came forward.</summary>
    /// <exception cref="HubException">It failed too often in a row, or the server asks for a longer wait than is sensible.</exception>
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
                if (fault.Wait > options.LongestWait)
                {
                    var minutes = $"{fault.Wait.Value.TotalMinutes:0} minutes";
                    throw new HubException($"{name}: {fault.Message}, and the server asks to wait {minutes}. {Kept}", fault);
                }
                var wait = fault.Wait ?? options.FirstWait * Math.Pow(2, failures - 1) * (1 + (Jitter * Random.Shared.NextDouble()));
                options.Say($"{name}: {fault.Message}; trying again in {wait.TotalSeconds:0.#} s");
                await options.Wait(wait, cancellation);
            }
        }
    }

    /// <summary>An address without its query: that of a content delivery network is a signature.</summary>
    internal static string Display(Uri address) => address.GetLeftPart(UriPartial.Path);
}
