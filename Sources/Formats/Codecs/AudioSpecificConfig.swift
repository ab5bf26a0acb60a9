/// MPEG-4 sound as `esds` describes it (ISO/IEC 14496-1, 7.2.6; ISO/IEC 14496-3, 1.6.2.1).
struct AudioSpecificConfig: Hashable {
    /// RFC 6381, 3.3: `mp4a`, object type indication in hex, audio object type.
    var codecs: String
    /// 0 where the configuration leaves it to the sample entry.
    var channels: Int
    var sampleRate: Int

    private static let sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
    /// By channel configuration.
    private static let channelCounts = [0, 1, 2, 3, 4, 5, 6, 8]

    /// - Parameter esds: at the first byte of the box's payload.
    static func read(_ esds: ByteCursor) throws(FormatError) -> AudioSpecificConfig {
        var cursor = esds
        try cursor.skip(4)
        let objectType = try Descriptor.openDecoderConfig(&cursor)
        let prefix = "mp4a." + String(objectType, radix: 16)
        guard objectType == 0x40, cursor.remaining > 0,
            try Descriptor.header(&cursor).tag == Descriptor.decoderSpecificInfo
        else { return AudioSpecificConfig(codecs: prefix, channels: 0, sampleRate: 0) }
        var bits = BitReader(try cursor.slice(min(cursor.remaining, 8)))
        var audioObjectType = bits.read(5)
        if audioObjectType == 31 { audioObjectType = 32 + bits.read(6) }
        let rateIndex = bits.read(4)
        let sampleRate = rateIndex == 15 ? bits.read(24) : rateIndex < sampleRates.count ? sampleRates[rateIndex] : 0
        let configuration = bits.read(4)
        let channels = configuration < channelCounts.count ? channelCounts[configuration] : 0
        return AudioSpecificConfig(codecs: "\(prefix).\(audioObjectType)", channels: channels, sampleRate: sampleRate)
    }
}

/// Descriptors of ISO/IEC 14496-1, 7.2.2: a tag, a length in seven-bit groups, content.
enum Descriptor {
    static let elementaryStream = 3
    static let decoderConfig = 4
    static let decoderSpecificInfo = 5

    /// Reads tag and length; the cursor then stands at the content.
    static func header(_ cursor: inout ByteCursor) throws(FormatError) -> (tag: Int, length: Int) {
        let tag = try cursor.number(1)
        var length = 0
        for _ in 0..<4 {
            let byte = try cursor.number(1)
            length = length << 7 | byte & 0x7F
            if byte & 0x80 == 0 { break }
        }
        return (tag, length)
    }

    /// Goes through the ES descriptor (7.2.6.5) into its decoder configuration (7.2.6.6), past its fixed fields.
    /// - Returns: the object type indication.
    static func openDecoderConfig(_ cursor: inout ByteCursor) throws(FormatError) -> Int {
        if try header(&cursor).tag == elementaryStream {
            try cursor.skip(2)
            let flags = try cursor.number(1)
            if flags & 0x80 != 0 { try cursor.skip(2) }
            if flags & 0x40 != 0 { try cursor.skip(try cursor.number(1)) }
            if flags & 0x20 != 0 { try cursor.skip(2) }
            _ = try header(&cursor)
        }
        let objectType = try cursor.number(1)
        try cursor.skip(12)
        return objectType
    }
}

/// Reads bits, most significant first; past the end there are zeros.
private struct BitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            let byte = position / 8 < bytes.count ? bytes[position / 8] : 0
            value = value << 1 | Int(byte >> UInt8(7 - position % 8) & 1)
            position += 1
        }
        return value
    }
}
