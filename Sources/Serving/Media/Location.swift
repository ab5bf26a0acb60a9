internal import Foundation

/// Where a version stands, read from the catalog, and what URLs clients get for its files.
struct Location: Hashable, Sendable {
    /// The version's folder on this machine; nil where the files are served by others.
    let folder: String?
    /// What a file's URL begins with, ending in a slash.
    private let base: String

    /// - Parameter location: `file:///…` of the version's folder, or its `http(s)` URL.
    init(_ location: String, title: String, version: String) {
        if location.hasPrefix("http://") || location.hasPrefix("https://") {
            folder = nil
            base = location.hasSuffix("/") ? location : location + "/"
        } else {
            let path = URL(string: location).flatMap { $0.isFileURL ? $0.path : nil }
            folder = path.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
            base = "/media/\(title)/\(version)/"
        }
    }

    /// Root-relative where this server has the file, absolute where another has.
    /// - Parameter file: relative to the version's folder.
    func url(_ file: String) -> String {
        base + (file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? file)
    }
}
