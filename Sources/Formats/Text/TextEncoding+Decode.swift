import Glibc
package import MediaModel

extension TextEncoding {
    /// As glibc's iconv(3) knows it. The East Asian ones are Microsoft's supersets, which is what files hold.
    private var iconvName: String {
        switch self {
        case .windows874: "CP874"
        case .macintosh: "MACINTOSH"
        case .ibm866, .ibm437, .ibm850: rawValue.uppercased()
        case .shiftJIS: "CP932"
        case .eucKR: "CP949"
        case .gbk: "GB18030"
        case .big5: "CP950"
        default: rawValue.uppercased()
        }
    }

    /// The text; nil where the bytes are none in this encoding.
    package func decode(_ bytes: [UInt8]) -> String? {
        if self == .utf8 { return String(validating: bytes, as: UTF8.self) }
        return Self.converted(bytes, from: iconvName, replacing: false)
    }

    /// The text, with the replacement character for each byte that means nothing.
    func decodeAll(_ bytes: [UInt8]) -> String {
        if self == .utf8 { return String(decoding: bytes, as: UTF8.self) }
        return Self.converted(bytes, from: iconvName, replacing: true) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// - Parameter replacing: whether bytes that mean nothing are replaced; else they make it nil.
    private static func converted(_ bytes: [UInt8], from name: String, replacing: Bool) -> String? {
        let converter = unsafe iconv_open("UTF-8", name)
        guard unsafe converter != iconv_t(bitPattern: -1) else { return nil }
        defer { _ = unsafe iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No character of any of these encodings takes more than four bytes in UTF-8, and no replacement more than three.
        var output = [CChar](repeating: 0, count: 4 * bytes.count + 4)
        let written: Int? = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                var (from, to) = (input.baseAddress, output.baseAddress)
                var (inputLeft, outputLeft) = (input.count, output.count)
                while inputLeft > 0, unsafe iconv(converter, &from, &inputLeft, &to, &outputLeft) == -1 {
                    // It stops at a byte that means nothing, or where the last character is cut off.
                    guard replacing, inputLeft > 0, outputLeft >= 3, let next = unsafe from, let place = unsafe to else { return nil }
                    for (offset, byte) in "\u{FFFD}".utf8.enumerated() { unsafe place[offset] = CChar(bitPattern: byte) }
                    unsafe (from, to) = (next + 1, place + 3)
                    (inputLeft, outputLeft) = (inputLeft - 1, outputLeft - 3)
                }
                // Some encodings hold the last letter back until they know that no accent follows.
                guard unsafe iconv(converter, nil, nil, &to, &outputLeft) != -1 else { return nil }
                return output.count - outputLeft
            }
        }
        return written.flatMap { String(validating: output.prefix($0).map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    }
}
