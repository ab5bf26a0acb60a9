import Foundation
import Glibc
import MediaModel
import Synchronization
import Transcoding

/// The folder of everything that a run keeps for the next: results under their keys, facts of sources, packages in the making.
final class WorkFolder: Sendable {
    let path: String
    let artefacts: ArtefactStore
    private let lock = Mutex<Int32>(-1)

    init(path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            artefacts = try ArtefactStore(root: "\(path)/artefacts")
        } catch {
            throw PipelineError(.unreachable, "use the work folder '\(path)'", "", underlying: error)
        }
    }

    deinit {
        let descriptor = lock.withLock { $0 }
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Makes this process the folder's only run, until it ends, however it ends.
    /// - Throws: `locked`, naming the process that holds it.
    func takeLock() throws {
        let file = "\(path)/lock"
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw PipelineError(.unreachable, "lock '\(path)'", SystemCall.lastError) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
            _ = close(descriptor)
            throw PipelineError(
                .locked, "lock '\(path)'",
                "another run holds it (process \(holder.isEmpty ? "unknown" : holder)); run again when it has ended")
        }
        ftruncate(descriptor, 0)
        let holder = "\(getpid())"
        _ = unsafe Array(holder.utf8).withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        lock.withLock { $0 = descriptor }
        try artefacts.removeLeftovers()
        let packages = "\(path)/packages"
        if FileManager.default.fileExists(atPath: packages) { try FileManager.default.removeItem(atPath: packages) }
    }

    /// Frees the names of a package that was published; its files live on in the store and under their keys.
    func removePackageFolder(_ folder: String) {
        // What stays is removed when the next run begins.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A new, empty folder for a package in the making.
    func packageFolder(title: String, version: String) throws -> String {
        let folder = "\(path)/packages/\(title)-\(version)"
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}
