/// What publishing one title's package hands to the catalog: all its rows, written in one transaction.
package struct CatalogEntry: Hashable, Sendable {
    package var metadata: TitleMetadata
    package var package: AssetPackage
    /// Where the version's folder stands: `file:///…` for a folder store; the catalog's reader makes URLs of it.
    package var location: String
    /// When it was published, seconds since 1970, UTC. Of the catalog, never of the package.
    package var publishedAt: Int64
    /// CPU seconds that the run spent on it.
    package var cpuSeconds: Double
    /// The version that was current when the run began; nil for none. The transaction fails if another is current by then.
    package var previousVersion: String?
    /// What the catalog said of removals of this version's files before the first was published; the transaction fails if it says more.
    package var removals: Int
    /// What the version answers to.
    package var origin: VersionOrigin

    package init(
        metadata: TitleMetadata, package: AssetPackage, location: String, publishedAt: Int64, cpuSeconds: Double,
        previousVersion: String?, removals: Int = 0, origin: VersionOrigin = VersionOrigin()
    ) {
        self.metadata = metadata
        self.package = package
        self.location = location
        self.publishedAt = publishedAt
        self.cpuSeconds = cpuSeconds
        self.previousVersion = previousVersion
        self.removals = removals
        self.origin = origin
    }
}
