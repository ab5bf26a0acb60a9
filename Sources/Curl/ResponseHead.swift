/// Status and headers of the answer that is coming in; those of interim answers (`100 Continue`) are dropped when the next one begins.
struct ResponseHead {
    private(set) var status = 0
    private(set) var fields: [HTTPField] = []
    /// The blank line came that ends it: libcurl takes an answer that was cut off inside its head for one without a body.
    private(set) var isWhole = false

    private static let start = Array("HTTP/".utf8)

    /// Bytes, not Characters: this is done for every header of every answer.
    /// - Parameter line: a whole line with its line break, as libcurl hands it over.
    mutating func append(_ line: UnsafeRawBufferPointer) {
        let line = line.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if line.starts(with: Self.start) {
            let words = line.split(separator: UInt8(ascii: " "))
            status = words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
            fields = []
            isWhole = false
        } else if line.isEmpty {
            // An interim answer is none.
            isWhole = status >= 200
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex {
            let value = line[(colon + 1)...].drop(while: Self.isBlank)
            let end = value.lastIndex { !Self.isBlank($0) }
            let text = end.map { String(decoding: value[...$0], as: UTF8.self) }
            fields.append(HTTPField(String(decoding: line[..<colon], as: UTF8.self), text ?? ""))
        }
    }

    subscript(_ name: String) -> String? { fields.first { $0.isNamed(name) }?.value }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
