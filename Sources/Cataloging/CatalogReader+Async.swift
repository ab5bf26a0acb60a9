internal import GRDB
package import MediaModel

/// The same questions for callers that must not block, such as a server: they wait while GRDB's own thread reads.
extension CatalogReader {
    /// Throws unless the catalog can be read now.
    package func check() async throws(CatalogError) {
        try await read { [path] db in try Schema.require(db, file: path) }
    }

    /// All titles, by name.
    package func titles() async throws(CatalogError) -> [CatalogSummary] {
        try await read { db in try SummaryRows.read(db) }
    }

    /// Everything about one title; nil where the catalog does not have it.
    package func title(_ id: String) async throws(CatalogError) -> CatalogTitle? {
        try await read { db in try Self.title(db, id) }
    }

    /// Where a version's folder stands, current or not; nil where the catalog does not have the version.
    package func location(of id: String, version: String) async throws(CatalogError) -> String? {
        try await read { db in try Self.location(db, of: id, version: version) }
    }

    private func read<Answer: Sendable>(_ body: @escaping @Sendable (Database) throws -> Answer) async throws(CatalogError) -> Answer {
        let queue = try currentQueue()
        do {
            do { return try await queue.read(body) } catch  where Self.isLeftHalfWritten(error) {
                try Self.undo(path, busyTimeout: busyTimeout)
                return try await queue.read(body)
            }
        } catch {
            throw CatalogError(error, operation: "read", file: path)
        }
    }
}
