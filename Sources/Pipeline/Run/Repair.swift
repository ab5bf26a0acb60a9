import Foundation
import MediaModel
import Packaging
import S3
import Storage

/// `run --repair`: reads every byte of what is published, and finds what is not as its `package.json` says.
struct Repair: Sendable {
    let store: any PackageStore
    let environment: [String: String]

    /// Paths within a version that are wrong, sorted; empty: it is whole.
    func faults(title: String, version: String) throws -> [String] {
        let name = StagedNames.document
        guard let bytes = try store.document(title: title, version: version), let package = try? PackageDocument.decode(bytes),
            package.id == title, package.version == version, Self.isConsistent(package), Self.isSealed(bytes) || !Self.namesPieces(package)
        else { return [name] }
        let check = try PackageCheck(
            store.place(title: title, version: version), surroundings: Surroundings(environment: environment),
            isStopped: { StopSignal.isRaised })
        return try check.run().faults.map(\.path)
    }

    private static func isSealed(_ document: [UInt8]) -> Bool { DocumentSeal.opened(document) != nil }

    /// Whoever wrote the names of pieces wrote a checksum too.
    private static func namesPieces(_ package: AssetPackage) -> Bool {
        (package.renditions.map(\.pieces) + package.audio.map(\.pieces)).contains { $0 != nil }
    }

    /// Whether what it says twice is the same. What an earlier program wrote carries no checksum of itself.
    private static func isConsistent(_ package: AssetPackage) -> Bool {
        let files = Dictionary(package.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let tracks = package.renditions.map { ($0.path, $0.segments) } + package.audio.map { ($0.path, $0.segments) }
        return tracks.allSatisfy { path, segments in
            segments.allSatisfy { segment in
                guard let file = files["\(path)/\(SegmentFact.stem(segment.number)).m4s"] else { return false }
                return file.sha256 == segment.sha256 && file.bytes == segment.bytes
            }
        }
    }

    /// Mends a version that cannot be made again as it was, by what other versions of the title hold: another library has made it, or
    /// another preset. Every byte is checked.
    /// - Parameters:
    ///   - faults: what is wrong with it.
    ///   - others: versions of the title that lie in this store.
    ///   - folder: for the time of the work; made and removed by the caller.
    /// - Throws: where a file has no copy that is whole.
    func mend(title: String, version: String, faults: [String], others: [String], in folder: String) throws {
        guard !faults.contains(StagedNames.document), let bytes = try store.document(title: title, version: version) else {
            throw Self.failure(title, version, faults)
        }
        let package = try PackageDocument.decode(bytes)
        let wrong = Set(faults)
        try bring(package.files.filter { !wrong.contains($0.path) }.map { ($0.path, $0) }, title, version, to: folder)
        var missing = package.files.filter { wrong.contains($0.path) }
        for other in others where other != version && !missing.isEmpty {
            guard let bytes = try store.document(title: title, version: other), let copies = try? PackageDocument.decode(bytes) else {
                continue
            }
            let paths = Dictionary(copies.files.map { ($0.sha256, $0.path) }, uniquingKeysWith: { first, _ in first })
            missing = try missing.filter { file in
                guard let path = paths[file.sha256] else { return true }
                do { try bring([(path, file)], title, other, to: folder) } catch let error as TransferError
                    where error.code == .invalidPackage
                {
                    try? FileManager.default.removeItem(atPath: "\(folder)/\(file.path)")
                    return true
                }
                return false
            }
        }
        guard missing.isEmpty else { throw Self.failure(title, version, missing.map(\.path)) }
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(StagedNames.document)"))
        _ = try store.publish(staged: folder, package: package, previousVersion: nil, mends: true)
    }

    private func bring(_ files: [(path: String, file: PackageFile)], _ title: String, _ version: String, to folder: String) throws {
        let wanted = try files.map { path, file in
            let destination = "\(folder)/\(file.path)"
            try FileManager.default.createDirectory(
                atPath: (destination as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            return PublishedFile(path: path, bytes: file.bytes, sha256: file.sha256, destination: destination)
        }
        try store.bring(wanted, title: title, version: version)
    }

    private static func failure(_ title: String, _ version: String, _ faults: [String]) -> PipelineError {
        let shown = faults.prefix(3).joined(separator: ", ") + (faults.count > 3 ? " and \(faults.count - 3) more" : "")
        return PipelineError(
            .title, "repair '\(title)'",
            "version \(version) is damaged (\(shown)), and would not become the same again: other libraries or another preset have made it, "
                + "and no other version holds these files; change the title, or have it made anew")
    }
}

/// Names within a version.
enum StagedNames {
    /// The list of its files.
    static let document = "package.json"
}
