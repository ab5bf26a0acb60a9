import Cataloging
import Foundation
import Publishing

/// `catalog rollback`: makes an earlier version current, without sending anything.
package enum Rollback {
    /// - Parameters:
    ///   - version: nil: the one before the current one.
    ///   - catalog: the catalog's URL.
    /// - Returns: the version that is current now, and its address.
    /// - Throws: where there is no such version, or its files are gone.
    package static func run(_ title: String, to version: String?, catalog address: String) throws -> (version: String, location: String) {
        guard try CatalogReader.exists(url: address) else {
            throw PipelineError(.unreachable, "open the catalog '\(address)'", "it is not there")
        }
        do {
            let catalog = try Catalog(url: address)
            let known = try catalog.versions(of: title)
            // The files first: a catalog is never ahead of them.
            let target = version.map { wanted in known.first { $0.version == wanted } } ?? known.drop { !$0.isCurrent }.dropFirst().first
            if let target { try demandFiles(target) }
            let current = try catalog.rollBack(title, to: version)
            return (current.version, current.location)
        } catch let error as CatalogError {
            throw PipelineError(error.code == .unknownTitle ? .title : .unreachable, "roll back '\(title)'", "", underlying: error)
        }
    }

    private static func demandFiles(_ version: VersionRecord) throws {
        do {
            let place: PackageCheck.Place =
                version.location.hasPrefix("file:")
                ? .folder(URL(string: version.location)?.path ?? version.location) : .web(version.location)
            let outcome = try PackageCheck(place, isStopped: { StopSignal.isRaised }).run()
            guard let fault = outcome.faults.first else { return }
            throw PipelineError(
                .title, "roll back '\(version.title)'", "version \(version.version) is not whole in the store: \(fault)")
        } catch let error as PublishingError {
            throw PipelineError(FailureReason.code(of: error), "roll back '\(version.title)'", "", underlying: error)
        }
    }
}
