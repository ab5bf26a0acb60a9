import Foundation
import MediaModel
import Transcoding

/// The files of a manifest's titles by names that outlast the move of a checkout: relative to the manifest where they lie near it, else
/// absolute; of an address what stands before its query, which may hold a secret, and a hash of the whole.
struct InputNames: Sendable {
    private let folder: [Substring]
    private let originals: [String: TitleRequest]

    /// - Parameters:
    ///   - manifest: its absolute path.
    ///   - originals: the titles as the manifest names them.
    init(manifest: String, _ originals: [TitleRequest]) {
        folder = manifest.split(separator: "/").dropLast()
        self.originals = Dictionary(originals.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The name of each of a title's files by its path on this machine.
    func names(of title: TitleRequest) -> [String: String] {
        let original = originals[title.id] ?? title
        let pairs = zip(Preparation.files(of: title).all, Preparation.files(of: original).all.map(name))
        return Dictionary(pairs.map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
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
