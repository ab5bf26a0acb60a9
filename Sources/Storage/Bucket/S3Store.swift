package import FileSystem
import Foundation
package import MediaModel
package import S3

/// A prefix of a bucket that published packages live under, each in `<prefix>/<title>/<version>/`.
///
/// A reader of the catalog sees a version whole or not at all: segments and pictures are there before the playlists that name them, those
/// before the multivariant playlist and the MPD, and `package.json` comes last, when every object has been looked at. What a published
/// version holds is never overwritten. An upload that was interrupted goes on where it was, down to the parts of large objects.
package struct S3Store: Sendable {
    let client: S3Client
    package var settings: S3Settings { client.settings }

    /// What a publication did.
    package struct Report: Hashable, Sendable {
        /// The version's address for readers, without a slash at its end.
        package var location: String
        /// Objects whose bytes were sent.
        package var sentObjects = 0
        /// Bytes of objects and parts that were sent, without those of tries that failed.
        package var sentBytes: Int64 = 0
        /// Objects taken over from the previous version inside the store.
        package var copiedObjects = 0
        /// Objects that were there already.
        package var keptObjects = 0

        init(location: String) { self.location = location }
    }

    /// - Parameters:
    ///   - surroundings: where credentials, and an endpoint, a region and certificates that the settings leave out, are looked for.
    ///   - isStopped: looked at several times a second; once it says true, everything ends with `TransferError.Code.cancelled`, and the
    ///     store cannot be used any more.
    package init(
        _ settings: S3Settings, surroundings: Surroundings = .current, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(TransferError) {
        client = try S3Client(settings, surroundings, isStopped: isStopped)
    }

    /// Whether the version's `package.json` is there, is this version's, and every file that it lists is there with its size.
    /// - Throws: `TransferError` when the store cannot be asked.
    package func holds(title: String, version: String) throws(TransferError) -> Bool {
        let keys = VersionKeys(settings, title: title, version: version)
        guard let listing = try listing(keys), listing.id == title, listing.version == version else { return false }
        try listing.validateNames()
        let sizes = Dictionary(try client.list(keys.versionPrefix).objects.map { ($0.key, $0.bytes) }, uniquingKeysWith: { $1 })
        for file in listing.files {
            let key = keys.key(file.path)
            guard let bytes = sizes[key] else { return false }
            // An encoded one has another size, and says of itself what it was made from.
            if bytes != file.bytes {
                guard let facts = try client.head(key), facts.contentEncoding == "gzip", facts.recordedSHA256 == file.sha256
                else { return false }
            }
        }
        return true
    }

    /// Makes a package that lies in a folder the store's: `package.json` and every file that it lists, nothing else.
    ///
    /// The same package published again is a success. Objects that the previous version holds with the same content are copied inside the
    /// store, those that are there already are not sent again.
    /// - Parameters:
    ///   - folder: where the files and their `package.json` lie; stays as it is.
    ///   - previousVersion: the one that is current; nil for none.
    ///   - mends: the version is known to be published: objects that are not as its `package.json` says are damaged, and are sent again.
    /// - Returns: the version's address for readers, without a slash at its end.
    /// - Throws: `TransferError`; there is no `package.json` of the version then, unless there was before.
    package func publish(
        staged folder: String, package: AssetPackage, previousVersion: String?, mends: Bool = false
    ) throws(TransferError) -> String {
        try send(staged: folder, package: package, previousVersion: previousVersion, mends: mends).location
    }

    /// Like `publish`, and tells what it took.
    package func send(
        staged folder: String, package: AssetPackage, previousVersion: String?, mends: Bool = false
    ) throws(TransferError) -> Report {
        let listing = try PackageListing(of: package, checkedIn: folder)
        let keys = VersionKeys(settings, title: package.id, version: package.version)
        let isWhole = try refuseAnother(keys, staged: folder, than: listing, mends: mends)
        try demandReadersAddress()
        let there = Set(try client.list(keys.versionPrefix).objects.map(\.key))
        let previous = try contents(of: previousVersion, title: package.id)
        let staged = StagedObjects(listing, package, folder, keys, settings)
        let delivery = Delivery(
            client, below: keys.versionPrefix, there: there, isWhole: isWhole, mends: mends, previous: previous)
        for stage in UploadStage.allCases {
            try delivery.deliver(try staged.objects(in: stage))
        }
        return delivery.report(location: location(title: package.id, version: package.version))
    }

    /// The address that readers know, or the bucket's own; without a slash at its end.
    package func location(title: String, version: String) -> String {
        let keys = VersionKeys(settings, title: title, version: version)
        guard let base = settings.baseURL else { return client.url(keys.folder) }
        let root = base.hasSuffix("/") ? String(base.dropLast()) : base
        let rest = keys.folder.dropFirst(settings.prefix.isEmpty ? 0 : settings.prefix.count + 1)
        return "\(root)/\(URIEncoding.encodePath(rest))"
    }

    /// The version's prefix, read with the store's own credentials.
    package func place(title: String, version: String) -> PackageCheck.Place {
        var settings = settings
        settings.prefix = VersionKeys(settings, title: title, version: version).folder
        return .bucket(settings)
    }

    /// nil: there is none, or one that cannot be read.
    func listing(_ keys: VersionKeys) throws(TransferError) -> PackageListing? {
        try client.get(keys.listing, limit: Self.longestListing).flatMap { PackageListing(Data($0)) }
    }

    static let longestListing = 256 << 20

    /// Keys of a version's objects by their files' content; empty when the version is not there.
    private func contents(of version: String?, title: String) throws(TransferError) -> [FileContent: String] {
        guard let version else { return [:] }
        let keys = VersionKeys(settings, title: title, version: version)
        guard let listing = try listing(keys), (try? listing.validateNames()) != nil else { return [:] }
        return Dictionary(listing.files.map { ($0.content, keys.key($0.path)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Another package under the same version stops the publication before anything is sent.
    /// - Returns: whether this very package is published.
    private func refuseAnother(
        _ keys: VersionKeys, staged folder: String, than listing: PackageListing, mends: Bool
    ) throws(TransferError) -> Bool {
        guard let there = try client.get(keys.listing, limit: Self.longestListing) else { return false }
        let ours = try FileContent(of: "\(folder)/\(PackageListing.fileName)")
        let theirs = FileContent(bytes: Int64(there.count), sha256: Digest.hexSHA256(there))
        guard ours != theirs else { return true }
        // A byte may have been damaged on its way here: what the store says of the object counts.
        if let facts = try client.head(keys.listing), facts.sha256 ?? facts.recordedSHA256 == ours.sha256 { return true }
        if mends, try !isBacked(PackageListing(Data(there)), unlike: listing, keys) { return true }
        throw Self.conflict(s3: "s3://\(settings.bucket)/\(keys.listing)", theirs, ours)
    }

    /// Whether a version holds anything that its own list says and ours does not. If not, it is the list that was damaged.
    /// - Parameter theirs: nil: it cannot even be read.
    private func isBacked(
        _ theirs: PackageListing?, unlike ours: PackageListing, _ keys: VersionKeys
    ) throws(TransferError) -> Bool {
        let ours = Set(ours.files)
        for file in theirs?.files ?? [] where !ours.contains(file) {
            guard let facts = try client.head(keys.key(file.path)) else { continue }
            if facts.recordedSHA256 ?? facts.sha256 == file.sha256 { return true }
        }
        return false
    }

    /// Nothing: what a key may do, a bucket tells only when it is done.
    package func demandWritable(_ title: String) {}

    /// What a catalog would hold must lead readers here. Known once the store has answered anything.
    /// - Throws: `refused` with the region that the settings lack.
    package func demandReadersAddress() throws(TransferError) {
        guard settings.baseURL == nil, let region = client.regionReadersMiss else { return }
        throw TransferError(
            .refused, operation: "publish",
            detail: "\(settings.url) lies in the region \(region), and readers of an address without it are not sent on: write "
                + "'region: \(region)', or the CDN's address as 'base_url', under publish")
    }

    package static func conflict(s3 url: String, _ theirs: FileContent, _ ours: FileContent) -> TransferError {
        TransferError(
            .conflict, operation: "publish",
            detail: "\(url) holds \(theirs.bytes) bytes with SHA-256 \(theirs.sha256), but this package has \(ours.bytes) bytes with "
                + "\(ours.sha256), made by another kind of machine perhaps, and what is published never changes; remove that version to "
                + "publish the new one")
    }
}
