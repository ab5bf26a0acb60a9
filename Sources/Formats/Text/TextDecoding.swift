package import MediaModel

/// Bytes of a subtitle file to text.
package enum TextDecoding {
    /// UTF-8 with or without a byte order mark, UTF-16 with one, or what the manifest names; anything else is taken for what files in its
    /// language come in, with a warning.
    ///
    /// - Parameters:
    ///   - named: the manifest's `encoding`; nil: it names none. A byte order mark knows better.
    ///   - language: BCP 47.
    /// - Returns: nil where the bytes are no text in the encoding that was named.
    package static func decode(_ bytes: [UInt8], named: TextEncoding?, language: String) -> (text: String, warning: String?)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), let text = String(validating: bytes.dropFirst(3), as: UTF8.self) {
            return (text, nil)
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return (utf16(bytes.dropFirst(2)) { UInt16($1) << 8 | UInt16($0) }, nil) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (utf16(bytes.dropFirst(2)) { UInt16($0) << 8 | UInt16($1) }, nil) }
        if let named { return named.decode(bytes).map { ($0, nil) } }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
        let usual = TextEncoding.usual(for: language)
        let guess = usual.decode(bytes) == nil ? TextEncoding.windows1252 : usual
        let warning = "is not UTF-8 and was read as \(guess.rawValue), which is a guess; say which it is with 'encoding:'"
        return (guess.decodeAll(bytes), warning)
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, unit: (UInt8, UInt8) -> UInt16) -> String {
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }
}
