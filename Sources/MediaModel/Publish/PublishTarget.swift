/// Where finished packages go.
package enum PublishTarget: Hashable, Sendable {
    /// An absolute path.
    case folder(String)
    case bucket(S3Settings)

    /// As a person knows it: `file:/srv/store` or `s3://bucket/prefix`.
    package var url: String {
        switch self {
        case .folder(let path): "file:\(path)"
        case .bucket(let settings): settings.url
        }
    }
}

/// Which published versions are kept when a newer one is current. The current one always is.
package struct KeepPolicy: Hashable, Sendable {
    /// So many of the newest versions of a title.
    package var versions: Int
    /// And those that were superseded within so many days.
    package var days: Int

    package init(versions: Int = 3, days: Int = 30) {
        self.versions = versions
        self.days = days
    }
}
