/// The checksum that a document carries of itself, as its second line: of all its bytes but that line. So one flipped bit in a list of
/// checksums
/// does not make whole files look broken, nor pass unseen in a label.
package enum DocumentSeal {
    private static let before = Array(#"  "document_sha256" : ""#.utf8)
    private static let after = Array("\",\n".utf8)
    private static let digits = 64

    /// - Parameters:
    ///   - document: an indented JSON object whose first member is `format_version`, on a line of its own.
    ///   - sha256: of the document, lower-case hex.
    /// - Returns: the document with its checksum behind its first member.
    package static func sealed(_ document: [UInt8], sha256: String) -> [UInt8] {
        guard let place = place(in: document) else { return document }
        return Array(document[..<place]) + before + Array(sha256.utf8) + after + Array(document[place...])
    }

    /// - Returns: the document as its checksum was taken of it, and the checksum; nil: it carries none.
    package static func opened(_ document: [UInt8]) -> (document: [UInt8], sha256: String)? {
        guard let place = place(in: document) else { return nil }
        let line = document[place...].prefix(before.count + digits + after.count)
        guard line.count == before.count + digits + after.count, line.starts(with: before), line.suffix(after.count).elementsEqual(after)
        else { return nil }
        let sha256 = String(decoding: line.dropFirst(before.count).prefix(digits), as: UTF8.self)
        return (Array(document[..<place]) + Array(document[line.endIndex...]), sha256)
    }

    /// Behind the line of the first member.
    private static func place(in document: [UInt8]) -> Int? {
        guard let first = document.firstIndex(of: 0x0A), let second = document[(first + 1)...].firstIndex(of: 0x0A) else { return nil }
        return second + 1
    }
}
