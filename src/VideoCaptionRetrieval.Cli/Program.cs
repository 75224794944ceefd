using System.Text;
using VideoCaptionRetrieval.Cli;

// UTF-8 without a mark: JSON is piped into other programs.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandLineApp.RunAsync(args, Console.Out, Console.Error);
