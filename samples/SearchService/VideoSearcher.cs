using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;

namespace SearchService;

/// <summary>The model and the index, opened once for all requests. Thread-safe, as both are.</summary>
internal sealed class VideoSearcher : IDisposable
{
    private readonly string _modelFile;
    private readonly VideoIndex _index;
    private readonly TransformerChain<ITransformer> _chain;
    private readonly MultiCaptionRetrievalTransformer _model;

    public VideoSearcher(IOptions<SearchServiceOptions> options, IHostEnvironment environment)
    {
        _modelFile = Path.Combine(environment.ContentRootPath, options.Value.Model);
        _chain = (TransformerChain<ITransformer>)new MLContext().Model.Load(_modelFile, out _);
        _model = _chain.OfType<MultiCaptionRetrievalTransformer>().Single();
        _index = VideoIndex.Open(Path.Combine(environment.ContentRootPath, options.Value.Index));
    }

    /// <summary>The number of videos.</summary>
    internal int Videos => _index.Count;

    internal SearchAnswer Search(string text, int top, CancellationToken cancellation) => new(text,
    [
        .. _index.Search(text, top, cancellation).Select(hit =>
            new SearchHit(hit.VideoId, hit.Score, double.IsFinite(hit.Time) ? hit.Time : null)),
    ]);

    /// <summary>A text's embedding by the model, of unit length, for clients that keep vectors elsewhere.</summary>
    internal float[] Embed(string text) => _model.EmbedText(text);

    /// <summary>Sees that the index answers and that the model can be read, as the next start of the service will.</summary>
    internal void Check(CancellationToken cancellation)
    {
        _ = _index.Search("a test", top: 1, cancellation);
        using var file = File.OpenRead(_modelFile);
    }

    public void Dispose()
    {
        _index.Dispose();
        _chain.Dispose();
    }
}
