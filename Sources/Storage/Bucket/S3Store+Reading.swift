package import MediaModel
import S3

/// What a run takes back from the store.
extension S3Store {
    /// A version's `package.json`; nil: it has none.
    package func document(title: String, version: String) throws(TransferError) -> [UInt8]? {
        try client.get(VersionKeys(settings, title: title, version: version).listing, limit: Self.longestListing)
    }

    /// Fetches published files, several at a time; every byte is checked.
    /// - Throws: `invalidPackage` for one that is missing or is not what was published.
    package func bring(_ files: [PublishedFile], title: String, version: String) throws(TransferError) {
        let (keys, client) = (VersionKeys(settings, title: title, version: version), client)
        try ParallelWork.forEach(
            files, threads: settings.concurrency, isStopped: { client.wasStopped }, stop: { client.stop() }
        ) { (file: PublishedFile) throws(TransferError) in
            let origin = "s3://\(client.settings.bucket)/\(keys.key(file.path))"
            let found: Int64?
            do throws(TransferError) { found = try client.download(keys.key(file.path), limit: file.bytes, to: file.destination) } catch {
                guard error.code == .tooLarge else { throw error }
                throw TransferError(.invalidPackage, operation: "take over", detail: "\(origin) has more bytes than were published")
            }
            guard found != nil else { throw PublishedFile.missing(origin) }
            try file.demandWhole(origin, isStopped: { client.wasStopped })
        }
    }
}
