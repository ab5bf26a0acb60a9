import FileSystem
import Foundation
package import MediaModel
package import S3
import Synchronization

/// Holds a published package against its own `package.json`: every file is there, with the size and the SHA-256 that it lists.
package struct PackageCheck: Sendable {
    /// Where a version's files lie.
    package enum Place: Sendable {
        case folder(String)
        /// `https://…/title/version`; read without a signature.
        case web(String)
        /// The version's folder in a bucket is the settings' prefix.
        case bucket(S3Settings)
    }

    /// What is wrong with one file.
    package struct Fault: Hashable, Sendable, CustomStringConvertible {
        package var path: String
        package var detail: String

        /// The path comes from a `package.json` that anybody may have written.
        package var description: String { PlainText.line("\(path): \(detail)") }
    }

    /// What a check found.
    package struct Outcome: Hashable, Sendable {
        package var title: String
        package var version: String
        package var files: Int
        /// By path; empty: the package is what it says.
        package var faults: [Fault]
    }

    private let place: Place
    private let reader: any PackageReader
    private let threads: Int
    private let isStopped: @Sendable () -> Bool

    private static let longestListing: Int64 = 256 << 20

    /// - Parameters:
    ///   - certificateBundle: trusted certificates for `web`; nil: the system's.
    ///   - isStopped: looked at several times a second; true ends the check with `TransferError.Code.cancelled`.
    package init(
        _ place: Place, surroundings: Surroundings = .current, certificateBundle: String? = nil,
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(TransferError) {
        self.place = place
        self.isStopped = isStopped
        switch place {
        case .folder(let path):
            reader = FolderReader(folder: path)
            threads = 2
        case .web(let url):
            reader = try WebReader(url: url, certificateBundle: certificateBundle, isStopped: isStopped)
            threads = 8
        case .bucket(let settings):
            reader = BucketReader(client: try S3Client(settings, surroundings, isStopped: isStopped), prefix: settings.prefix)
            threads = settings.concurrency
        }
    }

    /// Reads every byte of the package.
    /// - Throws: `TransferError` when there is no `package.json`, or the place cannot be reached.
    package func run() throws(TransferError) -> Outcome {
        let name = PackageListing.fileName
        let document = try temporary { path throws(TransferError) -> Data? in
            guard let found = try reader.read(name, limit: Self.longestListing, into: path) else { return nil }
            return try Self.bytes(found)
        }
        guard let document, let listing = PackageListing(document) else {
            throw TransferError(
                .invalidPackage, operation: "verify", detail: "\(reader.address)/\(name) is not there, or is no package's")
        }
        try listing.validateNames()
        let faults = Faults()
        if let (text, sha256) = DocumentSeal.opened([UInt8](document)), Digest.hexSHA256(text) != sha256 {
            faults.append(Fault(path: name, detail: "is not what was written: its own checksum says another thing"))
        }
        try ParallelWork.forEach(listing.files, threads: threads, isStopped: isStopped, stop: reader.stop) {
            (file: PackageListing.File) throws(TransferError) in
            guard !isStopped() else { throw TransferError(.cancelled, operation: "verify", detail: "it was asked to stop") }
            if let fault = try fault(of: file) { faults.append(fault) }
        }
        return Outcome(title: listing.id, version: listing.version, files: listing.files.count, faults: faults.sorted)
    }

    private func fault(of file: PackageListing.File) throws(TransferError) -> Fault? {
        try temporary { path throws(TransferError) in
            let found: FileRange?
            do throws(TransferError) {
                found = try reader.read(file.path, limit: file.bytes, into: path)
            } catch {
                guard error.code == .tooLarge else { throw error }
                return Fault(path: file.path, detail: "has more bytes than the \(file.bytes) that package.json says")
            }
            guard let found else { return Fault(path: file.path, detail: "is not there") }
            guard found.bytes == file.bytes else {
                return Fault(path: file.path, detail: "has \(found.bytes) bytes, but package.json says \(file.bytes)")
            }
            let sha256 = try found.sha256()
            return sha256 == file.sha256
                ? nil : Fault(path: file.path, detail: "has SHA-256 \(sha256), but package.json says \(file.sha256)")
        }
    }

    /// A name that no other file has, free again afterwards.
    private func temporary<Value>(_ body: (String) throws(TransferError) -> Value) throws(TransferError) -> Value {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("reelmill-\(UUID().uuidString)").path
        // What cannot be removed costs the machine some space, and the check nothing.
        defer { try? removeAll(path) }
        return try body(path)
    }

    private static func bytes(_ range: FileRange) throws(TransferError) -> Data {
        guard range.bytes > 0 else { return Data() }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: range.path)).prefix(Int(range.bytes))
        } catch {
            throw TransferError(.inputOutput, operation: "read", detail: range.path, underlying: error)
        }
    }

    private final class Faults: Sendable {
        private let list = Mutex<[Fault]>([])

        func append(_ fault: Fault) { list.withLock { $0.append(fault) } }

        var sorted: [Fault] { list.withLock { $0 }.sorted { $0.path < $1.path } }
    }
}
