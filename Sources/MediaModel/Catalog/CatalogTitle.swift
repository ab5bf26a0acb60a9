/// One title in the catalog's list: what a page of posters needs.
package struct CatalogSummary: Hashable, Sendable {
    package var id: String
    package var metadata: TitleMetadata
    /// The current version.
    package var version: String
    /// Seconds, exact.
    package var duration: Rational
    /// When the current version was published, seconds since 1970, UTC.
    package var publishedAt: Int64
    /// Where the version's folder stands: `file:///…`, or an `http(s)` URL.
    package var location: String
    package var images: [PackageImage]
    /// When a person took the title off, seconds since 1970, UTC; nil: it is shown.
    package var removedAt: Int64?

    package init(
        id: String, metadata: TitleMetadata, version: String, duration: Rational, publishedAt: Int64, location: String,
        images: [PackageImage], removedAt: Int64? = nil
    ) {
        self.id = id
        self.metadata = metadata
        self.version = version
        self.duration = duration
        self.publishedAt = publishedAt
        self.location = location
        self.images = images
        self.removedAt = removedAt
    }
}

/// Everything that the catalog knows of a title and its current version.
package struct CatalogTitle: Hashable, Sendable {
    package var id: String
    package var metadata: TitleMetadata
    package var version: CatalogVersion
    /// When a person took the title off, seconds since 1970, UTC; nil: it is shown.
    package var removedAt: Int64?

    package init(id: String, metadata: TitleMetadata, version: CatalogVersion, removedAt: Int64? = nil) {
        self.id = id
        self.metadata = metadata
        self.version = version
        self.removedAt = removedAt
    }
}

/// One published version: the rows that were written with its files.
package struct CatalogVersion: Hashable, Sendable {
    /// 16 hex digits.
    package var version: String
    /// Where the version's folder stands: `file:///…`, or an `http(s)` URL.
    package var location: String
    /// Seconds since 1970, UTC.
    package var publishedAt: Int64
    /// CPU seconds spent on making it.
    package var cpuSeconds: Double
    /// `AssetPackage.formatVersion` of the package.
    package var packageFormat: Int
    /// Seconds, exact.
    package var duration: Rational
    package var source: PackageSource
    package var provenance: Provenance
    /// Largest first.
    package var renditions: [CatalogRendition]
    package var audio: [CatalogAudioTrack]
    package var text: [CatalogTextTrack]
    package var images: [PackageImage]

    package init(
        version: String, location: String, publishedAt: Int64, cpuSeconds: Double, packageFormat: Int, duration: Rational,
        source: PackageSource, provenance: Provenance, renditions: [CatalogRendition], audio: [CatalogAudioTrack],
        text: [CatalogTextTrack], images: [PackageImage]
    ) {
        self.version = version
        self.location = location
        self.publishedAt = publishedAt
        self.cpuSeconds = cpuSeconds
        self.packageFormat = packageFormat
        self.duration = duration
        self.source = source
        self.provenance = provenance
        self.renditions = renditions
        self.audio = audio
        self.text = text
        self.images = images
    }
}
