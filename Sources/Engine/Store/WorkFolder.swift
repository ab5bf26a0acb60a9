import Foundation
import Glibc
import Synchronization

/// The folder of everything that a run keeps for the next. One run at a time owns it; workers of this and other machines may write results,
/// logs and plans beside, each under its owner's name.
package final class WorkFolder: Sendable {
    package let path: String
    package let artefacts: any ArtefactStore
    private let lock = Mutex<Int32>(-1)

    /// What lies in these folders has its owner's name and goes with its owner.
    private static let owned = ["plans", "workers"]

    /// The process that holds the folder now; nil where no run is going.
    package var holder: String? { Self.holder(of: path) }

    private static func holder(of path: String) -> String? {
        let descriptor = unsafe open("\(path)/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        guard FileLock.isHeld(descriptor) else { return nil }
        let holder = FileManager.default.contents(atPath: "\(path)/lock").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return holder.isEmpty ? "unknown" : holder
    }

    /// - Throws: `locked`, naming the process, where a run is going in this folder, which need not be there.
    package static func demandFree(_ path: String) throws {
        if let holder = holder(of: path) { throw locked(path, by: holder) }
    }

    private static func locked(_ path: String, by holder: String) -> EngineError {
        EngineError(.locked, "lock '\(path)'", "another run holds it (process \(holder)); run again when it has ended")
    }

    /// - Parameter listed: see `FolderArtefactStore`.
    package init(path: String, listed: FolderArtefactStore.ListedFolder?) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            artefacts = try FolderArtefactStore(root: "\(path)/artefacts", listed: listed)
        } catch {
            let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw EngineError(isFull ? .diskFull : .unreachable, "use the work folder '\(path)'", "", underlying: error)
        }
    }

    deinit { releaseLock() }

    /// Lets the next run in; threads that are about to end may keep the folder itself a little longer.
    package func releaseLock() {
        lock.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // Not by closing alone: a program that is being started holds a copy of the file until it is another program.
            FileLock.release(descriptor)
            _ = close(descriptor)
            descriptor = -1
        }
    }

    /// Makes this process the folder's only run, until it ends, however it ends: the lock is this process's alone, no worker inherits it.
    /// Removes what earlier runs have abandoned.
    /// - Throws: `locked`, naming the process that holds it.
    package func takeLock() throws {
        let file = "\(path)/lock"
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw EngineError(SystemCall.isDiskFull ? .diskFull : .unreachable, "lock '\(path)'", SystemCall.lastError)
        }
        guard FileLock.take(descriptor) else {
            let (number, reason) = (errno, SystemCall.lastError)
            _ = close(descriptor)
            guard number == EAGAIN || number == EACCES else { throw EngineError(.unreachable, "lock '\(path)'", reason) }
            throw Self.locked(path, by: Self.holder(of: path) ?? "unknown")
        }
        ftruncate(descriptor, 0)
        let holder = "\(getpid())"
        _ = unsafe Array(holder.utf8).withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        lock.withLock { $0 = descriptor }
        try removeLeftovers(Leftovers(takesOwn: true))
    }

    /// Removes what others have abandoned since: a worker that was killed may have ended only after the lock was taken.
    package func removeLeftovers() throws { try removeLeftovers(Leftovers(takesOwn: false)) }

    private func removeLeftovers(_ leftovers: Leftovers) throws {
        try artefacts.removeLeftovers(leftovers)
        for folder in Self.owned { try leftovers.remove(in: "\(path)/\(folder)") }
    }
}
