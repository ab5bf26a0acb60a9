import Cataloging
import Foundation
import MediaModel
import Planning
import Publishing
import Transcoding

/// `catalog rollback`: makes an earlier version current, without sending anything.
package enum Rollback {
    /// What a person knows of a title's home.
    package enum Home: Sendable {
        /// The catalog's URL. Versions are read as anybody can.
        case catalog(String)
        /// Path of the manifest that the title is published by: its catalog, its store with the credentials for it, and whom it tells.
        /// And the work folder, whose next run tells the CDN what it could not be told now; nil: `.reelmill` beside the manifest.
        case manifest(String, work: String?)
    }

    /// What is current now.
    package struct Outcome: Sendable {
        package var version: String
        package var location: String
        /// One line, if the CDN could not be told.
        package var warning: String?
    }

    /// - Parameters:
    ///   - version: nil: the one that was current before.
    ///   - environment: where a manifest's store's credentials are looked for.
    /// - Throws: where there is no such version, or its files are not whole; the catalog stays as it was then.
    package static func run(
        _ title: String, to version: String?, at home: Home, environment: [String: String] = RunOptions.thisEnvironment
    ) throws -> Outcome {
        do {
            switch home {
            case .catalog(let url):
                let goal = try change(title, to: version, in: url, store: nil, environment)
                return Outcome(version: goal.version, location: goal.location)
            case .manifest(let path, let named):
                MediaLibraries.prepare()
                let folder = Documents.workFolder(named, manifest: path)
                let manifest = try Documents.manifest(path, proven: ProvenPresets(work: folder)).manifest
                let ledger = try manifest.purge.map {
                    try PurgeLedger($0, catalog: manifest.catalog, visiting: folder, environment: environment)
                }
                let store = try Documents.store(manifest.publish, environment: environment)
                let goal = try change(title, to: version, in: manifest.catalog, store: store, environment) { goal in
                    ledger?.owe(purge(goal))
                }
                return Outcome(version: goal.version, location: goal.location, warning: ledger.flatMap { warning($0, purge(goal)) })
            }
        } catch let error as CatalogError {
            throw PipelineError(FailureReason.code(of: error), "roll back '\(title)'", "", underlying: error)
        }
    }

    /// - Returns: a line for a person, if the CDN could not be told.
    private static func warning(_ ledger: PurgeLedger, _ purge: Purge) -> String? {
        do throws(PublishingError) {
            try ledger.pay(purge, isStopped: { StopSignal.isRaised })
            return nil
        } catch { return ledger.warning(of: error, sending: purge) }
    }

    private static func purge(_ goal: VersionRecord) -> Purge {
        Purge(title: goal.title, version: goal.version, location: goal.location)
    }

    /// Checks the files and changes the catalog.
    /// - Parameter willChange: called between the two.
    /// - Returns: what is current now.
    private static func change(
        _ title: String, to version: String?, in address: String, store: (any PackageStore)?, _ environment: [String: String],
        willChange: (VersionRecord) -> Void = { _ in }
    ) throws -> VersionRecord {
        guard try CatalogReader.exists(url: address) else {
            throw PipelineError(.unreachable, "open the catalog '\(address)'", "it is not there")
        }
        let catalog = try Catalog(url: address)
        let (left, goal) = try catalog.rollback(of: title, to: version)
        // The files first: a catalog is never ahead of them.
        try demandFiles(goal, in: store, environment)
        willChange(goal)
        try catalog.rollBack(title, from: left.version, to: goal.version)
        return goal
    }

    private static func demandFiles(_ version: VersionRecord, in store: (any PackageStore)?, _ environment: [String: String]) throws {
        let operation = "roll back '\(version.title)'"
        let place = place(version, store)
        do {
            let surroundings = Surroundings(environment: environment)
            let outcome = try PackageCheck(place, surroundings: surroundings, isStopped: { StopSignal.isRaised }).run()
            // Whatever answers every address alike has a whole package at this one too.
            guard outcome.title == version.title, outcome.version == version.version else {
                throw PipelineError(
                    .title, operation, "\(version.location) holds version \(outcome.version) of '\(outcome.title)', not \(version.version)")
            }
            guard let fault = outcome.faults.first else { return }
            throw PipelineError(.title, operation, "version \(version.version) is not whole in the store: \(fault)")
        } catch let error as PublishingError {
            let advice = store == nil && error.code == .refused ? "not everybody may read it there; give --manifest FILE" : ""
            throw PipelineError(FailureReason.code(of: error, reading: place), operation, advice, underlying: error)
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
}
