package import Foundation
package import MediaModel

/// What a run needs of the place that packages go to, a folder or a bucket.
package protocol PackageStore: Sendable {
    /// Whether the version is there, whole.
    func holds(title: String, version: String) throws(TransferError) -> Bool

    /// Tells before hours of work what the first file of the title would tell after them. Makes nothing.
    /// - Throws: `unreachable` for a store that is known not to be writable.
    func demandWritable(_ title: String) throws(TransferError)

    /// What a catalog would hold must lead readers to the store. Known once the store has answered anything.
    /// - Throws: `refused`, with what the settings lack.
    func demandReadersAddress() throws(TransferError)

    /// Makes a package that lies in a folder the store's; nothing of it is taken for whole before all of it is there.
    /// - Parameters:
    ///   - folder: where the files and their `package.json` lie; stays as it is.
    ///   - previousVersion: the one that is current; nil for none. What did not change is taken over from it.
    ///   - mends: the version is known to be published: what of it is not as its `package.json` says is damage, and is put right.
    /// - Returns: the version's address, without a slash at its end.
    func publish(staged folder: String, package: AssetPackage, previousVersion: String?, mends: Bool) throws(TransferError) -> String

    /// A version's `package.json`; nil: it has none.
    func document(title: String, version: String) throws(TransferError) -> [UInt8]?

    /// Brings files of a version here, every byte checked.
    /// - Throws: `invalidPackage` for one that is missing or is not what was published.
    func bring(_ files: [PublishedFile], title: String, version: String) throws(TransferError)

    /// A version's address for readers, without a slash at its end.
    func location(title: String, version: String) -> String

    /// Where a version's files are read, with what the store may see.
    func place(title: String, version: String) -> PackageCheck.Place

    /// Names of the titles that have anything in the store, sorted.
    func titles() throws(TransferError) -> [String]

    /// What there is of a version; nil: nothing.
    func stored(title: String, version: String) throws(TransferError) -> StoredVersion?

    /// Versions of a title that have anything in the store, whole or not, sorted.
    func versions(of title: String) throws(TransferError) -> [String]

    /// Removes a version that nobody needs any more.
    /// - Parameter isNeeded: asked at the last moment, again before each further request; true leaves what is there by then as it is.
    /// - Returns: how many files went; 0 where nothing was removed.
    @discardableResult
    func delete(title: String, version: String, unless isNeeded: () -> Bool) throws(TransferError) -> Int

    /// What runs that never ended have left of these titles, and nobody has touched since `time`.
    func remnants(of titles: Set<String>, before time: Date) throws(TransferError) -> [Remnant]

    /// Removes what this store has told of; one that is gone is as good.
    func remove(_ remnant: Remnant) throws(TransferError)
}

extension PackageStore {
    @discardableResult
    package func delete(title: String, version: String) throws(TransferError) -> Int {
        try delete(title: title, version: version, unless: { false })
    }
}

/// A version as it lies in a store, whoever knows of it.
package struct StoredVersion: Hashable, Sendable {
    package var title: String
    package var version: String
    /// Whether its `package.json` is there, which comes last and goes first.
    package var isWhole: Bool
    /// When something of it was last written.
    package var changedAt: Date

    package init(title: String, version: String, isWhole: Bool, changedAt: Date) {
        self.title = title
        self.version = version
        self.isWhole = isWhole
        self.changedAt = changedAt
    }

    /// Whether this is how a version is called: 16 hexadecimal digits. Other things may lie beside versions.
    package static func isName(_ name: some StringProtocol) -> Bool {
        name.utf8.count == 16 && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension FolderStore: PackageStore {}
extension S3Store: PackageStore {}
