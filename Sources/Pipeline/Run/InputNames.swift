import Foundation
import MediaModel
import Transcoding

/// The files of a manifest's titles by names that outlast the move of a checkout: relative to the manifest where they lie near it, else
/// absolute; of an address what stands before its query, which may hold a secret, and a hash of the whole.
struct InputNames: Sendable {
    private let folder: [Substring]

    /// - Parameter manifest: its absolute path.
    init(manifest: String) { folder = manifest.split(separator: "/").dropLast() }

    /// The name of each of a title's files, by the one that the manifest gives it.
    func names(of title: TitleRequest) -> [String: String] {
        Dictionary(title.fileNames.map { ($0, name($0)) }, uniquingKeysWith: { first, _ in first })
    }

    private func name(_ file: String) -> String {
        if let address = RemoteAddress(file) {
            let hash = Fingerprint.of(Array(address.text.utf8)).prefix(16)
            return address.text == address.shown ? address.shown : "\(address.shown)?\(hash)"
        }
        let parts = file.split(separator: "/")
        let common = zip(parts, folder).prefix { $0 == $1 }.count
        guard common > 0 else { return file }
        return (Array(repeating: "..", count: folder.count - common) + parts.dropFirst(common)).joined(separator: "/")
    }

    /// Names and hashes as the catalog keeps them.
    static func encoded(_ files: [String: String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(files)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    static func decoded(_ text: String?) -> [String: String] {
        text.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) } ?? [:]
    }
}
