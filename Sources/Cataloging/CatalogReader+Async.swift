internal import GRDB
package import MediaModel

/// The same questions for callers that must not block, such as a server: they wait while GRDB's own thread reads.
extension CatalogReader {
    /// Throws unless the catalog can be read now.
    package func check() async throws(CatalogError) {
        try await read { [path] db in try Schema.require(db, file: path) }
    }

    /// All titles that are shown, by name, page by page.
    package func listing() async throws(CatalogError) -> TitleListing {
        let connection = try currentConnection()
        let (state, ids) = try await read(connection) { db in try Self.list(db, false, connection.name) }
        return TitleListing(self, state: state, ids: ids, withRemoved: false)
    }

    /// All titles that are shown, by name.
    package func titles() async throws(CatalogError) -> [CatalogSummary] {
        var listing = try await listing()
        var titles: [CatalogSummary] = []
        while let page = try await listing.next() { titles += page }
        return titles
    }

    /// Titles that a person took off, and when, in Unix seconds; those too of which nothing else is known any more.
    package func removedTitles() async throws(CatalogError) -> [String: Int64] { try await read(Self.removedTitles) }

    /// Whether a person took the title off.
    package func isRemoved(_ id: String) async throws(CatalogError) -> Bool { try await read { db in try Catalog.isRemoved(db, id) } }

    /// Everything about one title; nil where the catalog does not have it.
    package func title(_ id: String) async throws(CatalogError) -> CatalogTitle? {
        try await read { db in try Self.title(db, id) }
    }

    /// Where a version's folder stands, current or not; nil where the catalog does not have the version.
    package func location(of id: String, version: String) async throws(CatalogError) -> String? {
        try await read { db in try Self.location(db, of: id, version: version) }
    }

    func read<Answer: Sendable>(_ body: @escaping @Sendable (Database) throws -> Answer) async throws(CatalogError) -> Answer {
        try await read(currentConnection(), body)
    }

    private func read<Answer: Sendable>(
        _ connection: Connection, _ body: @escaping @Sendable (Database) throws -> Answer
    ) async throws(CatalogError) -> Answer {
        do {
            do { return try await connection.queue.read(body) } catch  where Self.isLeftHalfWritten(error) {
                try Self.undo(path, busyTimeout: busyTimeout)
                return try await connection.queue.read(body)
            }
        } catch {
            throw CatalogError(error, operation: "read", file: path)
        }
    }
}
