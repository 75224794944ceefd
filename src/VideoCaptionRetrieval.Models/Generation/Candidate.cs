namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>A beam and a token that may follow it.</summary>
/// <param name="Score">The beam's summed log-probability with the token.</param>
/// <param name="Beam">The beam's number within its image.</param>
/// <param name="Token">The token.</param>
internal readonly record struct Candidate(float Score, int Beam, int Token);
