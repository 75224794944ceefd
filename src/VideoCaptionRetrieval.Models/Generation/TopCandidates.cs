using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Collects the best candidates of an image, best first; equal scores keep the order of beam and token.</summary>
internal sealed class TopCandidates(int capacity)
{
    /// <summary>Scores are scanned in blocks; a block whose maximum is too low is skipped at vector speed.</summary>
    private const int Block = 256;

    private readonly Candidate[] _candidates = new Candidate[capacity];
    private int _count;

    internal ReadOnlySpan<Candidate> Best => _candidates.AsSpan(0, _count);

    /// <summary>Considers every token of a beam.</summary>
    internal void Offer(int beam, ReadOnlySpan<float> scores)
    {
        for (var start = 0; start < scores.Length; start += Block)
        {
            var block = scores.Slice(start, Math.Min(Block, scores.Length - start));
            if (_count == _candidates.Length && TensorPrimitives.Max(block) <= _candidates[^1].Score) continue;
            for (var i = 0; i < block.Length; i++) Offer(new(block[i], beam, start + i));
        }
    }

    private void Offer(Candidate candidate)
    {
        if (_count == _candidates.Length)
        {
            if (candidate.Score <= _candidates[^1].Score) return;
        }
        else
        {
            _count++;
        }
        var at = _count - 1;
        for (; at > 0 && candidate.Score > _candidates[at - 1].Score; at--) _candidates[at] = _candidates[at - 1];
        _candidates[at] = candidate;
    }
}

/// <summary>A beam and a token that may follow it.</summary>
/// <param name="Score">The beam's summed log-probability with the token.</param>
/// <param name="Beam">The beam's number within its image.</param>
/// <param name="Token">The token.</param>
internal readonly record struct Candidate(float Score, int Beam, int Token);
