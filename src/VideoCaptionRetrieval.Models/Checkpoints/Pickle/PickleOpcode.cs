namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// The operations of binary pickles (protocols 2 to 5) that a checkpoint needs; names and codes as in Python's pickletools.
/// </summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(', Stop = (byte)'.', Pop = (byte)'0', PopMark = (byte)'1', Dup = (byte)'2',
    BinFloat = (byte)'G', BinInt = (byte)'J', BinInt1 = (byte)'K', BinInt2 = (byte)'M', None = (byte)'N',
    BinPersistentId = (byte)'Q', Reduce = (byte)'R', BinString = (byte)'T', ShortBinString = (byte)'U', BinUnicode = (byte)'X',
    Append = (byte)'a', Build = (byte)'b', Global = (byte)'c', Appends = (byte)'e', BinGet = (byte)'h', LongBinGet = (byte)'j',
    EmptyList = (byte)']', EmptyTuple = (byte)')', EmptyDictionary = (byte)'}', Dictionary = (byte)'d', List = (byte)'l',
    BinPut = (byte)'q', LongBinPut = (byte)'r', SetItem = (byte)'s', Tuple = (byte)'t', SetItems = (byte)'u',
    BinBytes = (byte)'B', ShortBinBytes = (byte)'C', Instance = (byte)'i', Object = (byte)'o',

    Protocol = 0x80, NewObject = 0x81, Tuple1 = 0x85, Tuple2 = 0x86, Tuple3 = 0x87, NewTrue = 0x88, NewFalse = 0x89,
    Long1 = 0x8a, Long4 = 0x8b, ShortBinUnicode = 0x8c, BinUnicode8 = 0x8d, BinBytes8 = 0x8e, EmptySet = 0x8f, AddItems = 0x90,
    FrozenSet = 0x91, StackGlobal = 0x93, Memoize = 0x94, Frame = 0x95, ByteArray8 = 0x96,
}
