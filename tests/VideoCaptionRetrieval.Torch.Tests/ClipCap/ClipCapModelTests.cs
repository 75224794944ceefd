using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.ClipCap;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.ClipCap;

public sealed class ClipCapModelTests
{
    [Fact]
    public void Logits_WholeText_SameAsTokenByToken()
    {
        using var checkpoint = new TinyClipCap(ClipCapMapperKind.Mlp);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = ClipCapModel.Load(checkpoint.Weights, Path.Combine(checkpoint.Folder, "gpt2"));
        int[][] texts = [[5, 6, 7, 8], [9, 3, 2, 1]];
        var prefix = model.Prefix(randn(texts.Length, TinyClip.Config.ProjectionSize, generator: new Generator(1)));
        var whole = model.Logits(tensor(texts.SelectMany(text => text).Select(id => (long)id).ToArray()).view(texts.Length, -1), prefix);

        using var decoder = model.StartDecoding(prefix, maxLength: texts[0].Length + 1);
        var logits = new float[texts.Length * decoder.VocabularySize];
        decoder.Start([], logits);
        for (var place = 0; place <= texts[0].Length; place++)
        {
            if (place > 0) decoder.Step([.. texts.Select(text => text[place - 1])], logits);
            var expected = MemoryMarshal.Cast<byte, float>(whole.select(1, place).contiguous().bytes).ToArray();     // (B, V)
            Assert.All(logits.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        }
    }
}
