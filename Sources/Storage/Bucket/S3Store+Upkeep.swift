package import Foundation
package import MediaModel
package import S3

extension S3Store {
    /// Names of the titles that have anything in the store, sorted.
    package func titles() throws(TransferError) -> [String] {
        let prefix = settings.prefix.isEmpty ? "" : settings.prefix + "/"
        return try names(below: prefix)
    }

    /// Versions of a title that have anything in the store, whole or not, sorted.
    package func versions(of title: String) throws(TransferError) -> [String] {
        try names(below: VersionKeys(settings, title: title, version: "").titlePrefix)
    }

    /// What there is of a version; nil: nothing.
    package func stored(title: String, version: String) throws(TransferError) -> StoredVersion? {
        let keys = VersionKeys(settings, title: title, version: version)
        let objects = try client.list(keys.versionPrefix).objects
        guard !objects.isEmpty else { return nil }
        // One whose age nobody tells counts as young.
        let newest = objects.map { $0.lastModified ?? .distantFuture }.max()
        return StoredVersion(
            title: title, version: version, isWhole: objects.contains { $0.key == keys.listing }, changedAt: newest ?? .distantFuture)
    }

    /// Removes a version: `package.json` first, so that nobody takes what is left for whole, then in the reverse of the order that it
    /// was published in. Whether anybody still needs it is for the caller to know.
    /// - Parameter isNeeded: asked when it is known what there is, before each request, or each few where every object takes its own; true
    ///   leaves what is there by then as it is.
    /// - Returns: how many objects went; 0 where nothing was removed.
    @discardableResult
    package func delete(title: String, version: String, unless isNeeded: () -> Bool) throws(TransferError) -> Int {
        try Self.validateName(title)
        try Self.validateName(version)
        let keys = VersionKeys(settings, title: title, version: version)
        let all = try client.list(keys.versionPrefix).objects.map(\.key)
        var deleted = 0
        for stage in UploadStage.allCases.reversed() {
            var rest = all.filter { UploadStage(of: String($0.dropFirst(keys.versionPrefix.count))) == stage }[...]
            while !rest.isEmpty {
                guard !isNeeded() else { return deleted }
                // As many as one request takes; where each takes its own, no more than are soon done.
                let batch = rest.prefix(client.lacks(.manyDeletions) ? 16 : 1000)
                try client.delete(Array(batch))
                deleted += batch.count
                rest = rest.dropFirst(batch.count)
            }
        }
        return deleted
    }

    /// Uploads in parts that were begun before `time` and never ended. Their parts cost money, and nobody sees them. Others may have
    /// uploads under the same prefix, which in the end is a whole bucket: only those of versions of these titles are ours.
    package func abandonedUploads(of titles: Set<String>, before time: Date) throws(TransferError) -> [UnfinishedUpload] {
        let prefix = settings.prefix.isEmpty ? "" : settings.prefix + "/"
        var uploads = try client.listUploads(prefix)
        // MinIO answers for a whole key or for the whole bucket, and nothing in between; a key may have no right to that much.
        if uploads.isEmpty, !prefix.isEmpty { uploads = (try? client.listUploads("")) ?? [] }
        return uploads.filter { upload in
            guard upload.key.hasPrefix(prefix) else { return false }
            let parts = upload.key.dropFirst(prefix.count).split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, titles.contains(String(parts[0])), StoredVersion.isName(parts[1]) else { return false }
            // One whose age nobody tells counts as young.
            return (upload.initiated ?? .distantFuture) < time
        }
    }

    /// Throws an upload's parts away; one that is gone is as good.
    package func abort(_ upload: UnfinishedUpload) throws(TransferError) { try client.abortUpload(upload.key, upload.uploadID) }

    private func names(below prefix: String) throws(TransferError) -> [String] {
        try client.list(prefix, delimited: true).folders.map { String($0.dropFirst(prefix.count).dropLast()) }.sorted()
    }

    /// An empty name would be a prefix of all there is.
    private static func validateName(_ name: String) throws(TransferError) {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw TransferError(.invalidSettings, operation: "delete", detail: "'\(name)' is no name of a title or version")
        }
    }
}
