package import MediaModel

/// What a run needs of the place that packages go to, a folder or a bucket.
package protocol PackageStore: Sendable {
    /// Whether the version is there, whole.
    func holds(title: String, version: String) throws(PublishingError) -> Bool

    /// Makes a package that lies in a folder the store's; nothing of it is taken for whole before all of it is there.
    /// - Parameters:
    ///   - folder: where the files and their `package.json` lie; stays as it is.
    ///   - previousVersion: the one that is current; nil for none. What did not change is taken over from it.
    /// - Returns: the version's address, without a slash at its end.
    func publish(staged folder: String, package: AssetPackage, previousVersion: String?) throws(PublishingError) -> String

    /// Versions of a title that have anything in the store, whole or not, sorted.
    func versions(of title: String) throws(PublishingError) -> [String]

    /// Removes a version that nobody needs any more.
    /// - Returns: how many files there were.
    @discardableResult
    func delete(title: String, version: String) throws(PublishingError) -> Int
}

extension FolderStore: PackageStore {}
extension S3Store: PackageStore {}
