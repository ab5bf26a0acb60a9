/// Percent-encoding as signatures want it (RFC 3986, 2.3): everything but letters, digits, `-`, `.`, `_` and `~`, in capital hex.
package enum URIEncoding {
    /// A name or value of a query.
    package static func encode(_ text: some StringProtocol) -> String { encode(text, keeping: nil) }

    /// A key: slashes stay.
    package static func encodePath(_ path: some StringProtocol) -> String { encode(path, keeping: UInt8(ascii: "/")) }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func encode(_ text: some StringProtocol, keeping kept: UInt8?) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || byte == kept {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
