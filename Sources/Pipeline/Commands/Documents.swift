import Foundation
package import MediaModel
import Planning
import S3
import Storage
import Transcoding

/// Faults in manifests or presets: all of them at once.
package struct DocumentErrors: Error, Sendable {
    package let diagnostics: [Diagnostic]
}

extension DocumentErrors: CustomStringConvertible {
    package var description: String { diagnostics.map(\.description).joined(separator: "; ") }
}

/// Reading and proving what people wrote, before any work.
enum Documents {
    /// Reads a manifest and proves every preset that it names, but for those that were proven before.
    /// - Throws: `DocumentErrors`.
    static func manifest(_ path: String, proven: ProvenPresets) throws -> ManifestDocument {
        let read = ManifestReader.read(path: path, presets: EngineIdentity.presets, checkFiles: false, prove: proven.diagnostics)
        guard let document = read.value, read.diagnostics.isEmpty else { throw DocumentErrors(diagnostics: read.diagnostics) }
        return document
    }

    static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// The work folder's absolute path: as named, or `.reelmill` beside the manifest.
    static func workFolder(_ named: String?, manifest: String) -> String {
        named.map(absolute)
            ?? URL(fileURLWithPath: absolute(manifest)).deletingLastPathComponent().appendingPathComponent(".reelmill").path
    }

    /// - Parameter environment: where credentials and the region are looked for.
    /// - Throws: `unreachable` for settings that cannot be.
    static func store(
        _ target: PublishTarget, environment: [String: String] = RunOptions.thisEnvironment
    ) throws -> any PackageStore {
        switch target {
        case .folder(let path): return FolderStore(root: path, isStopped: { StopSignal.isRaised })
        case .bucket(let settings):
            do {
                return try S3Store(settings, surroundings: Surroundings(environment: environment), isStopped: { StopSignal.isRaised })
            } catch {
                throw PipelineError(.unreachable, "open the store '\(settings.url)'", "", underlying: error)
            }
        }
    }

    /// A manifest's store, once it has answered a small question: who has no credentials, or may not look, is told before any work.
    /// - Throws: `unreachable`.
    static func reachableStore(_ manifest: Manifest, environment: [String: String]) throws -> any PackageStore {
        let store = try store(manifest.publish, environment: environment)
        let name =
            switch manifest.publish {
            case .folder(let path): path
            case .bucket(let settings): settings.url
            }
        do {
            if let title = manifest.titles.first { _ = try store.versions(of: title.id) }
            try store.demandReadersAddress()
        } catch {
            throw PipelineError(FailureReason.code(ofOpening: error), "reach the store '\(name)'", "", underlying: error)
        }
        return store
    }
}
