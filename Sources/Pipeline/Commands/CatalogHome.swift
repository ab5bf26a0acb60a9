import Cataloging
import Engine
import MediaModel
import Planning
import Storage
import Transcoding

/// What a person knows of a catalog whose titles they change.
package enum CatalogHome: Sendable {
    /// The catalog's URL. Versions are read as anybody can.
    case catalog(String)
    /// Path of the manifest that its titles are published by: its catalog, its store with the credentials for it, and whom it tells.
    /// And the work folder, whose next run tells the CDN what it could not be told now; nil: `.reelmill` beside the manifest.
    case manifest(String, work: String?)

    /// What the catalog is called, and what goes with it; nil where only a manifest tells.
    struct Rooms {
        var address: String
        var store: (any PackageStore)?
        var ledger: PurgeLedger?

        /// - Throws: `unreachable` where there is no catalog.
        func open() throws -> Catalog {
            guard try CatalogReader.exists(url: address) else {
                throw PipelineError(.unreachable, "open the catalog '\(address)'", "it is not there")
            }
            return try Catalog(url: address)
        }
    }

    /// - Parameter environment: where a manifest's store's credentials are looked for.
    func rooms(_ environment: [String: String]) throws -> Rooms {
        switch self {
        case .catalog(let url): return Rooms(address: url)
        case .manifest(let path, let named):
            MediaLibraries.prepare()
            let folder = Documents.workFolder(named, manifest: path)
            let manifest = try Documents.manifest(path, proven: ProvenPresets(work: folder)).manifest
            let ledger = try manifest.purge.map {
                try PurgeLedger($0, catalog: manifest.catalog, visiting: folder, environment: environment)
            }
            return Rooms(
                address: manifest.catalog, store: try Documents.store(manifest.publish, environment: environment), ledger: ledger)
        }
    }
}

extension PurgeLedger {
    /// Tells the CDN now.
    /// - Returns: a line for a person, if it could not be told.
    func tell(_ purge: Purge) -> String? {
        do throws(TransferError) {
            try pay(purge, isStopped: { StopSignal.isRaised })
            return nil
        } catch { return warning(of: error, sending: purge) }
    }
}

extension Purge {
    init(_ version: VersionRecord) {
        self.init(title: version.title, version: version.version, location: version.location)
    }
}
