import MediaModel

/// Where a title's versions lie in a bucket: the same tree as in a folder store.
struct VersionKeys: Hashable, Sendable {
    /// `prefix/title/`
    let titlePrefix: String
    /// `prefix/title/version/`
    let versionPrefix: String

    init(_ settings: S3Settings, title: String, version: String) {
        titlePrefix = (settings.prefix.isEmpty ? "" : settings.prefix + "/") + title + "/"
        versionPrefix = titlePrefix + version + "/"
    }

    func key(_ path: String) -> String { versionPrefix + path }

    var listing: String { key(PackageListing.fileName) }

    /// Without the slash at its end.
    var folder: String { String(versionPrefix.dropLast()) }
}
