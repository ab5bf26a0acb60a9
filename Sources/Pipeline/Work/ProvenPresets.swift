import Engine
import Foundation
import MediaModel
import Planning
import Synchronization
import Transcoding

/// Remembers in the work folder which presets' encoders have opened with these very libraries, so that a nightly run of an unchanged
/// manifest opens none. What was refused is never remembered.
final class ProvenPresets: Sendable {
    private let folder: String
    private let found = Mutex<Set<String>>([])

    /// - Parameter work: the work folder, which need not be there yet.
    init(work: String) { folder = "\(work)/proven" }

    /// A preset's faults, asked of the encoders unless they took it before.
    func diagnostics(_ document: PresetDocument) -> [Diagnostic] {
        let key = try? TaskKey("proof", of: document.preset, libraries: EngineIdentity.libraries)
        if let key, SystemCall.exists("\(folder)/\(key)") { return [] }
        let diagnostics = PresetProof.diagnostics(document)
        if let key, diagnostics.isEmpty { found.withLock { _ = $0.insert(key.description) } }
        return diagnostics
    }

    /// Writes down what was proven; once the folder is the caller's to write in.
    func save() throws {
        let keys = found.withLock { $0 }
        guard !keys.isEmpty else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for key in keys { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(key)")) }
    }
}
