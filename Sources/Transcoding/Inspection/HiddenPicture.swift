import Libav

/// Pictures that a codec decodes for others to refer to and never shows: the times of their packets mean nothing.
enum HiddenPicture {
    /// nil: the codec has none in packets of their own.
    static func test(for codec: String) -> ((borrowing Packet) -> Bool)? {
        switch codec {
        case "vp8": { packet in packet.ends.map { isHiddenVP8($0.first) } ?? false }
        case "vp9": { packet in packet.ends.map { isHiddenVP9(first: $0.first, last: $0.last) } ?? false }
        default: nil
        }
    }

    /// RFC 6386, 9.1: the fifth bit is `show_frame`.
    static func isHiddenVP8(_ first: UInt8) -> Bool { first & 0x10 == 0 }

    /// VP9 bitstream specification, 6.2: marker, profile, `show_existing_frame`, `frame_type`, `show_frame`. Annex B: a superframe, which
    /// ends with its marker, shows one of its pictures.
    static func isHiddenVP9(first: UInt8, last: UInt8) -> Bool {
        guard first & 0xC0 == 0x80, last & 0xE0 != 0xC0, first & 0x30 != 0x30 else { return false }
        return first & 0x08 == 0 && first & 0x02 == 0
    }
}
