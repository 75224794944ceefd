// TorchSharp.Modules has layers of the same names: in this project the names mean those of this folder.
global using Embedding = VideoCaptionRetrieval.Torch.Layers.Embedding;
global using LayerNorm = VideoCaptionRetrieval.Torch.Layers.LayerNorm;
global using Linear = VideoCaptionRetrieval.Torch.Layers.Linear;
