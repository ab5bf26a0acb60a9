import Foundation
package import MediaModel
import Transcoding

/// `probe`: facts of one source.
package enum Probe {
    /// - Throws: `TranscodingError` for a file that cannot be read, is encrypted, or holds nothing that can be decoded.
    package static func run(path: String) throws -> SourceInfo {
        MediaLibraries.prepare()
        let fingerprint = try Fingerprint.ofFile(at: path)
        return try SourceInspector.inspect(path: path, fingerprint: fingerprint).source
    }

    /// The facts as JSON.
    package static func json(_ source: SourceInfo) throws -> String {
        struct Document: Encodable {
            var formatVersion = 1
            var source: SourceInfo
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: FormatVersionFirst.moved(in: Array(try encoder.encode(Document(source: source)))), as: UTF8.self)
    }
}
