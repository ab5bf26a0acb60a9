import Cataloging
import MediaModel
import Publishing

/// What both doors of the catalog tell: the one that writes, and the one that only looks.
protocol VersionCatalog: Sendable {
    func currentVersion(of id: String) throws(CatalogError) -> String?
    func isWithdrawn(_ id: String, version: String) throws(CatalogError) -> Bool
    func isRemoved(_ id: String) throws(CatalogError) -> Bool
    func remoteFiles(at addressHash: String) throws(CatalogError) -> [CatalogRemoteFile]
}

extension Catalog: VersionCatalog {}
extension CatalogReader: VersionCatalog {}

/// What catalog and store say is published; read-only.
struct Published: Sendable {
    let store: any PackageStore
    /// nil: one that does not exist yet, and says that nothing is.
    private let catalog: (any VersionCatalog)?

    init(in store: any PackageStore, by catalog: (any VersionCatalog)?) {
        self.store = store
        self.catalog = catalog
    }

    /// Makes nothing, not even the catalog.
    /// - Parameter environment: where the store's credentials are looked for.
    /// - Throws: `unreachable`.
    init(reading manifest: Manifest, environment: [String: String]) throws {
        store = try Documents.reachableStore(manifest, environment: environment)
        do {
            catalog = try CatalogReader.exists(url: manifest.catalog) ? try CatalogReader(url: manifest.catalog) : nil
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

    /// Done is what the catalog says is current and the store really holds, whatever the work folder holds.
    func holds(_ plan: AssetPlan) throws -> Bool {
        guard try isCurrent(title: plan.id, version: plan.version) else { return false }
        return try store.holds(title: plan.id, version: plan.version)
    }

    /// A person took this version back: it is not for a run to bring it again.
    func isWithdrawn(_ plan: AssetPlan) throws -> Bool { try catalog?.isWithdrawn(plan.id, version: plan.version) ?? false }

    /// What to tell of such a version.
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
