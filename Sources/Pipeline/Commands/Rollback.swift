import Cataloging
import Engine
import Foundation
import MediaModel
import S3
import Storage

/// `catalog rollback`: makes an earlier version current, without sending anything.
package enum Rollback {
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
        _ title: String, to version: String?, at home: CatalogHome, environment: [String: String] = RunOptions.thisEnvironment
    ) throws -> Outcome {
        do {
            let rooms = try home.rooms(environment)
            let goal = try change(title, to: version, in: rooms, environment)
            return Outcome(version: goal.version, location: goal.location, warning: rooms.ledger.flatMap { $0.tell(Purge(goal)) })
        } catch let error as CatalogError {
            throw PipelineError(FailureReason.code(of: error), "roll back '\(title)'", "", underlying: error)
        }
    }

    /// Checks the files and changes the catalog.
    /// - Returns: what is current now.
    private static func change(
        _ title: String, to version: String?, in rooms: CatalogHome.Rooms, _ environment: [String: String]
    ) throws -> VersionRecord {
        let catalog = try rooms.open()
        let (left, goal) = try catalog.rollback(of: title, to: version)
        // The files first: a catalog is never ahead of them.
        try demandFiles(goal, in: rooms.store, environment)
        rooms.ledger?.owe(Purge(goal))
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
        } catch let error as TransferError {
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
