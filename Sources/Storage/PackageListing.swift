import FileSystem
import Foundation
import MediaModel

/// The part of a written `package.json` that a store lives by: which package it is, and which files belong to it.
/// The rest is the packager's affair, so a package of an older format can still be checked and taken over from.
struct PackageListing: Decodable, Equatable {
    struct File: Decodable, Hashable {
        package var path: String
        package var bytes: Int64
        package var sha256: String

        package var content: FileContent { FileContent(bytes: bytes, sha256: sha256) }
    }

    static let fileName = "package.json"

    var id: String
    var version: String
    var files: [File]

    /// nil: there is no readable `package.json` in `folder`.
    static func read(in folder: String) throws(TransferError) -> PackageListing? {
        let path = "\(folder)/\(fileName)"
        guard try FileStatus(at: path)?.kind == .file else { return nil }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw TransferError(.inputOutput, operation: "read", detail: path, underlying: error)
        }
        return PackageListing(data)
    }

    /// nil: `document` is no `package.json`.
    init?(_ document: Data) {
        guard let listing = try? JSONDecoder().decode(PackageListing.self, from: document) else { return nil }
        self = listing
    }

    /// What `package` says of itself.
    init(of package: AssetPackage) {
        id = package.id
        version = package.version
        files = package.files.map { File(path: $0.path, bytes: $0.bytes, sha256: $0.sha256) }
    }

    /// What `package` says of itself, once the `package.json` in `folder` says the same.
    init(of package: AssetPackage, checkedIn folder: String) throws(TransferError) {
        self.init(of: package)
        try validateNames()
        guard try PackageListing.read(in: folder) == self else {
            throw TransferError(
                .invalidPackage, operation: "check",
                detail: "\(folder)/\(PackageListing.fileName) does not describe version \(package.version) of \(package.id)")
        }
    }

    /// Refuses names that would lead out of the version's folder or that hide in it.
    func validateNames() throws(TransferError) {
        let names = [id, version].map { [Substring($0)] }
        let paths = files.map { $0.path.split(separator: "/", omittingEmptySubsequences: false) }
        for parts in names + paths {
            guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("\0") && !$0.contains("/") }) else {
                throw TransferError(
                    .invalidPackage, operation: "check",
                    detail: "'\(parts.joined(separator: "/"))' is no plain name within a package's folder")
            }
        }
    }

    /// The folders that the files lie in, those above first, relative to the version's folder.
    var folders: [String] {
        var all: Set<String> = []
        for file in files {
            var parts = file.path.split(separator: "/").dropLast()
            while !parts.isEmpty {
                all.insert(parts.joined(separator: "/"))
                parts = parts.dropLast()
            }
        }
        return all.sorted()
    }

    /// Whether every file is in `folder` with its size. Reads no contents.
    func isWhole(in folder: String) throws(TransferError) -> Bool {
        for name in folders {
            guard try FileStatus(at: "\(folder)/\(name)")?.kind == .folder else { return false }
        }
        for file in files {
            guard let status = try FileStatus(at: "\(folder)/\(file.path)"), status.kind == .file, status.bytes == file.bytes
            else { return false }
        }
        return true
    }
}
