import Cataloging
import Foundation
import MediaModel
import Planning
import Publishing

/// `catalog rollback`: makes an earlier version current, without sending anything.
package enum Rollback {
    /// What a person knows of a title's home.
    package enum Home: Sendable {
        /// The catalog's URL. Versions are read as anybody can.
        case catalog(String)
        /// Path of the manifest that the title is published by: its catalog, its store with the credentials for it, and whom it tells.
        case manifest(String)
    }

    /// What is current now.
    package struct Outcome: Sendable {
        package var version: String
        package var location: String
        /// One line, if the CDN could not be told.
        package var warning: String?
    }

    /// - Parameter version: nil: the one before the current one.
    /// - Throws: where there is no such version, or its files are not whole; the catalog stays as it was then.
    package static func run(_ title: String, to version: String?, at home: Home) throws -> Outcome {
        let manifest = try manifest(home)
        let address = manifest?.catalog ?? address(home)
        guard try CatalogReader.exists(url: address) else {
            throw PipelineError(.unreachable, "open the catalog '\(address)'", "it is not there")
        }
        do {
            let catalog = try Catalog(url: address)
            let known = try catalog.versions(of: title)
            // The files first: a catalog is never ahead of them.
            let target = version.map { wanted in known.first { $0.version == wanted } } ?? known.drop { !$0.isCurrent }.dropFirst().first
            if let target { try demandFiles(target, in: manifest.map { try Documents.store($0.publish) }) }
            let current = try catalog.rollBack(title, to: version)
            let warning = manifest?.purge.flatMap { purge($0, title, current.version, current.location) }
            return Outcome(version: current.version, location: current.location, warning: warning)
        } catch let error as CatalogError {
            throw PipelineError(error.code == .unknownTitle ? .title : .unreachable, "roll back '\(title)'", "", underlying: error)
        }
    }

    private static func manifest(_ home: Home) throws -> Manifest? {
        guard case .manifest(let path) = home else { return nil }
        return try Documents.manifest(path, proven: ProvenPresets(work: Documents.workFolder(nil, manifest: path))).manifest
    }

    private static func address(_ home: Home) -> String { if case .catalog(let url) = home { url } else { "" } }

    private static func demandFiles(_ version: VersionRecord, in store: (any PackageStore)?) throws {
        do {
            let outcome = try PackageCheck(place(version, store), isStopped: { StopSignal.isRaised }).run()
            guard let fault = outcome.faults.first else { return }
            throw PipelineError(
                .title, "roll back '\(version.title)'", "version \(version.version) is not whole in the store: \(fault)")
        } catch let error as PublishingError {
            throw PipelineError(FailureReason.code(of: error), "roll back '\(version.title)'", "", underlying: error)
        }
    }

    /// A version that was published elsewhere, before the manifest was changed, is read there.
    private static func place(_ version: VersionRecord, _ store: (any PackageStore)?) -> PackageCheck.Place {
        if let store, store.location(title: version.title, version: version.version) == version.location {
            return store.place(title: version.title, version: version.version)
        }
        return version.location.hasPrefix("file:")
            ? .folder(URL(string: version.location)?.path ?? version.location) : .web(version.location)
    }

    private static func purge(_ settings: PurgeSettings, _ title: String, _ version: String, _ location: String) -> String? {
        do throws(PublishingError) {
            let purger = try Purger(settings, environment: ProcessInfo.processInfo.environment)
            try purger.send(title: title, version: version, location: location, isStopped: { StopSignal.isRaised })
            return nil
        } catch {
            return "nothing was purged: \(FailureReason.line(error))"
        }
    }
}
