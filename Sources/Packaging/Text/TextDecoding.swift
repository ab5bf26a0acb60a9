/// Bytes of a subtitle file to text.
enum TextDecoding {
    /// UTF-8 with or without a byte order mark, UTF-16 with one; anything else is taken for Windows-1252, with a warning.
    static func decode(_ bytes: [UInt8]) -> (text: String, warning: String?) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), let text = String(validating: bytes.dropFirst(3), as: UTF8.self) {
            return (text, nil)
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return (utf16(bytes) { UInt16($1) << 8 | UInt16($0) }, nil) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (utf16(bytes) { UInt16($0) << 8 | UInt16($1) }, nil) }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
        return (windows1252(bytes), "is not UTF-8 and was read as Windows-1252; save it as UTF-8 if letters look wrong")
    }

    private static func utf16(_ bytes: [UInt8], unit: (UInt8, UInt8) -> UInt16) -> String {
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }

    /// What Windows-1252 has where Latin-1 has control characters, 0x80 to 0x9F; 0 where it has nothing.
    private static let specials: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]

    private static func windows1252(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let value = (0x80...0x9F).contains(byte) ? specials[Int(byte) - 0x80] : UInt32(byte)
            text.append(Unicode.Scalar(value == 0 ? 0xFFFD : value) ?? "\u{FFFD}")
        }
        return String(text)
    }
}
