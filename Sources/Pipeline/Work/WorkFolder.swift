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

    /// The process that holds the folder now; nil where no run is going.
    var holder: String? { Self.holder(of: path) }

    private static func holder(of path: String) -> String? {
        let descriptor = unsafe open("\(path)/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        guard FileLock.isHeld(descriptor) else { return nil }
        let holder = FileManager.default.contents(atPath: "\(path)/lock").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return holder.isEmpty ? "unknown" : holder
    }

    /// - Throws: `locked`, naming the process, where a run is going in this folder, which need not be there.
    static func demandFree(_ path: String) throws {
        if let holder = holder(of: path) { throw locked(path, by: holder) }
    }

    private static func locked(_ path: String, by holder: String) -> PipelineError {
        PipelineError(.locked, "lock '\(path)'", "another run holds it (process \(holder)); run again when it has ended")
    }

    init(path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            artefacts = try ArtefactStore(root: "\(path)/artefacts")
        } catch {
            throw PipelineError(FailureReason.code(ofOpening: error), "use the work folder '\(path)'", "", underlying: error)
        }
    }

    deinit { releaseLock() }

    /// Lets the next run in; threads that are about to end may keep the folder itself a little longer.
    func releaseLock() {
        lock.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // Not by closing alone: a program that is being started holds a copy of the file until it is another program.
            FileLock.release(descriptor)
            _ = close(descriptor)
            descriptor = -1
        }
    }

    /// Makes this process the folder's only run, until it ends, however it ends: the lock is this process's alone, no worker inherits it.
    /// - Throws: `locked`, naming the process that holds it.
    func takeLock() throws {
        let file = "\(path)/lock"
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw PipelineError(SystemCall.isDiskFull ? .diskFull : .unreachable, "lock '\(path)'", SystemCall.lastError)
        }
        guard FileLock.take(descriptor) else {
            let (number, reason) = (errno, SystemCall.lastError)
            _ = close(descriptor)
            guard number == EAGAIN || number == EACCES else { throw PipelineError(.unreachable, "lock '\(path)'", reason) }
            throw Self.locked(path, by: Self.holder(of: path) ?? "unknown")
        }
        ftruncate(descriptor, 0)
        let holder = "\(getpid())"
        _ = unsafe Array(holder.utf8).withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        lock.withLock { $0 = descriptor }
        try artefacts.removeLeftovers()
        // Plans and workers' logs of earlier runs.
        for folder in ["plans", "workers"] where SystemCall.exists("\(path)/\(folder)") {
            try FileManager.default.removeItem(atPath: "\(path)/\(folder)")
        }
    }

    // MARK: Plans

    /// Leaves a plan where workers find it.
    /// - Returns: its name, for `TaskOrder`.
    func writePlan(_ file: PlanFile) throws -> String {
        let name = "\(file.plan.id)-\(file.plan.version)"
        try FileManager.default.createDirectory(atPath: "\(path)/plans", withIntermediateDirectories: true)
        try JSONEncoder().encode(file).write(to: URL(fileURLWithPath: "\(path)/plans/\(name).json"), options: .atomic)
        return name
    }

    /// The title is published: what it was made of need not stay.
    func removePlan(_ plan: AssetPlan) {
        // One that stays keeps its pieces until the next run.
        try? FileManager.default.removeItem(atPath: "\(path)/plans/\(plan.id)-\(plan.version).json")
    }

    /// What the run that holds the folder has still to make, or the last one that held it: the next to hold it begins without any.
    func plans() throws -> [AssetPlan] {
        guard SystemCall.exists("\(path)/plans") else { return [] }
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(path)/plans").filter { $0.hasSuffix(".json") }
        return try files.map { try plan(String($0.dropLast(".json".count))).plan }
    }

    func plan(_ name: String) throws -> PlanFile {
        do {
            return try JSONDecoder().decode(PlanFile.self, from: Data(contentsOf: URL(fileURLWithPath: "\(path)/plans/\(name).json")))
        } catch {
            throw PipelineError(.internalError, "read the plan '\(name)' in the work folder", "", underlying: error)
        }
    }
}
