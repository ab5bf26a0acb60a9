import Cataloging
import Foundation
import MediaModel
import Storage

/// What both doors of the catalog tell: the one that writes, and the one that only looks.
protocol VersionCatalog: Sendable {
    func currentVersion(of id: String) throws(CatalogError) -> String?
    func isRemoved(_ id: String) throws(CatalogError) -> Bool
    func remoteFiles(at addressHash: String) throws(CatalogError) -> [CatalogRemoteFile]
    func standings(of ids: [String]) throws(CatalogError) -> [String: Standing]
    func owners(of ids: [String]) throws(CatalogError) -> [String: String]
    func titles(ownedBy manifest: String) throws(CatalogError) -> [String]
    func facts(of id: String, version: String) throws(CatalogError) -> CatalogVersion?
    func versions(of id: String) throws(CatalogError) -> [VersionRecord]
}

extension Catalog: VersionCatalog {}
extension CatalogReader: VersionCatalog {}

/// What catalog and store say is published; read-only.
struct Published: Sendable {
    let store: any PackageStore
    /// nil: one that does not exist yet, and says that nothing is.
    let catalog: (any VersionCatalog)?

    init(in store: any PackageStore, by catalog: (any VersionCatalog)?) {
        self.store = store
        self.catalog = catalog
    }

    /// Makes nothing, not even the catalog; one of an older program is read as the next run will bring it up to date.
    /// - Parameter environment: where the store's credentials are looked for.
    /// - Throws: `unreachable`.
    init(reading manifest: Manifest, environment: [String: String]) throws {
        store = try Documents.reachableStore(manifest, environment: environment)
        do {
            catalog = try CatalogReader.exists(url: manifest.catalog) ? try CatalogReader(url: manifest.catalog, mayBeOlder: true) : nil
        } catch {
            throw PipelineError(.unreachable, "open the catalog '\(manifest.catalog)'", "", underlying: error)
        }
    }

    func isCurrent(title: String, version: String) throws -> Bool { try catalog?.currentVersion(of: title) == version }

    /// Whether a CDN must be told of the version: it is what readers get, or what nobody shall get any more.
    func isNews(title: String, version: String) throws -> Bool { try isCurrent(title: title, version: version) || isRemoved(title) }

    /// A person took the title off: nothing is made of it.
    func isRemoved(_ title: String) throws -> Bool { try catalog?.isRemoved(title) ?? false }

    /// What titles know of a file on another machine; a catalog that does not answer knows nothing, and the file is fetched.
    func memory(of address: RemoteAddress) -> [CatalogRemoteFile] {
        (try? catalog?.remoteFiles(at: CatalogRemoteFile.hash(of: address))) ?? []
    }

    /// What to tell of such a title.
    static func removal(of title: String) -> String { "taken off with 'catalog remove'; 'catalog restore \(title)' brings it back" }

    /// Where titles stand in the catalog; absent: it does not have them.
    func standings(of ids: [String]) throws -> [String: Standing] { try catalog?.standings(of: ids) ?? [:] }

    /// All that the catalog knows of a version; nil where it does not have it.
    func facts(of title: String, version: String) throws -> CatalogVersion? { try catalog?.facts(of: title, version: version) }

    /// What to tell of a version that a person took back: it is not for a run to bring it again.
    static func withdrawal(of version: String) -> String {
        "version \(version) was taken back with 'catalog rollback'; change the title, or roll back to it"
    }

    /// The version that a person made current instead of one that was taken back: it stays so.
    /// - Throws: where the store does not hold it.
    func versionInPlace(of title: String) throws -> String {
        guard let current = try catalog?.currentVersion(of: title), try store.holds(title: title, version: current) else {
            throw PipelineError(
                .title, "leave '\(title)' as it is",
                "the version that 'catalog rollback' made current is not whole in the store; change the title, or roll back to one that is")
        }
        return current
    }
}
