import Foundation
package import MediaModel

/// `package.json`: snake_case names, `format_version` first, then the checksum of all the rest, then keys in order, fractions as text; the
/// same package always gives the same bytes.
package enum PackageDocument {
    /// With a line feed at its end.
    package static func encode(_ package: AssetPackage) throws(PackagingError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let document = FormatVersionFirst.moved(in: [UInt8](try encoder.encode(package))) + [0x0A]
            return DocumentSeal.sealed(document, sha256: Files.sha256(document))
        } catch {
            throw PackagingError(.malformed, StagingFolder.document, "cannot be written", underlying: error)
        }
    }

    /// False: a bit of it has flipped. What an earlier program wrote carries no checksum, and is believed.
    package static func isWhole(_ document: [UInt8]) -> Bool {
        DocumentSeal.opened(document).map { Files.sha256($0.document) == $0.sha256 } ?? true
    }

    /// - Parameter name: the file, for messages.
    /// - Throws: `malformed` for anything that is no package document, or one of a newer format than this program knows.
    package static func decode(_ bytes: [UInt8], name: String = "package.json") throws(PackagingError) -> AssetPackage {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in PropertyName(path.last?.stringValue ?? "") }
        do {
            let format = try decoder.decode(Format.self, from: Data(bytes))
            guard format.formatVersion <= AssetPackage.currentFormat else {
                throw PackagingError(
                    .malformed, name,
                    "has the format_version \(format.formatVersion), which is newer than this program knows (\(AssetPackage.currentFormat))"
                )
            }
            return try decoder.decode(AssetPackage.self, from: Data(bytes))
        } catch let error as PackagingError {
            throw error
        } catch {
            throw PackagingError(.malformed, name, "is no package document", underlying: error)
        }
    }

    private struct Format: Decodable {
        var formatVersion: Int
    }
}

/// A snake_case name as the Swift property that it stands for; `id` and `sha256` inside a name are written as abbreviations are.
private struct PropertyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    private static let abbreviations = ["id": "ID", "sha256": "SHA256"]

    init(_ snake: String) {
        let words = snake.split(separator: "_").map(String.init)
        stringValue =
            (words.first ?? "")
            + words.dropFirst().map { Self.abbreviations[$0] ?? $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    init?(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}
