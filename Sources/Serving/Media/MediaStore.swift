internal import Foundation

/// The folder store that the published files are read from.
struct MediaStore: Sendable {
    /// Where version folders are looked for.
    enum Root: Sendable {
        /// `FOLDER/<title>/<version>`.
        case folder(String)
        /// Wherever the catalog says that the version stands.
        case catalog(MediaCatalog)
    }

    let root: Root

    /// A published file, found.
    struct File: Sendable {
        /// Absolute, without symbolic links.
        let path: String
        let size: Int
        let modified: Date
    }

    /// Finds a file of a complete version; nil where there is none. A version is complete when it has its `package.json`.
    ///
    /// Symbolic links are followed only as far as they stay in the store.
    func file(_ path: MediaPath) async -> File? {
        let folders: [(version: String, limit: String)]
        switch root {
        case .folder(let store): folders = [("\(store)/\(path.title)/\(path.version)", store)]
        case .catalog(let catalog): folders = await catalog.folders(of: path.title, path.version).map { ($0, $0) }
        }
        return await Self.onOwnThread {
            folders.lazy.compactMap { Self.find(path.file, in: $0.version, within: $0.limit) }.first
        }
    }

    private static func find(_ file: String, in version: String, within limit: String) -> File? {
        let limit = resolved(limit)
        let folder = resolved(version)
        guard folder == limit || folder.hasPrefix(limit + "/"), regularFile(folder + "/package.json") != nil else { return nil }
        let path = resolved(folder + "/" + file)
        guard path.hasPrefix(folder + "/") else { return nil }
        return regularFile(path)
    }

    private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private static func regularFile(_ path: String) -> File? {
        // No attributes means no file that can be served; the client is told so.
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let size = attributes[.size] as? Int, let modified = attributes[.modificationDate] as? Date
        else { return nil }
        return File(path: path, size: size, modified: modified)
    }

    /// Looking at a disk may take long; the threads that serve requests must not wait for it.
    private static func onOwnThread<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }
}
