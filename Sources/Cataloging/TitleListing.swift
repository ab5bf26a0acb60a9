internal import GRDB
package import MediaModel

/// The list of titles by name, page by page. Which there are is of one moment; each page is a short transaction of its own, so that however
/// long the whole list takes, no writer waits for it, and nobody else who asks.
package struct TitleListing: Sendable {
    /// Says which state of the catalog the list began with: the same text is never given for two, while one `CatalogReader` lives.
    package let state: String
    private let reader: CatalogReader
    private let withRemoved: Bool
    /// Ids of the titles still to come, one a line.
    private var rest: Substring

    /// Titles of a page: one transaction of a few milliseconds.
    package static let pageSize = 100

    init(_ reader: CatalogReader, state: String, ids: String, withRemoved: Bool) {
        self.reader = reader
        self.state = state
        self.withRemoved = withRemoved
        rest = ids[...]
    }

    /// Whether all titles were given out.
    package var isOver: Bool { rest.isEmpty }

    private mutating func takePage() -> [String] {
        var ids: [String] = []
        while ids.count < Self.pageSize, !rest.isEmpty {
            let end = rest.utf8.firstIndex(of: 0x0A) ?? rest.endIndex
            ids.append(String(rest[..<end]))
            rest = rest[end...].dropFirst()
        }
        return ids
    }

    /// The next titles; nil: there are none any more. A page of titles that have all gone meanwhile is empty.
    package mutating func next() throws(CatalogError) -> [CatalogSummary]? {
        guard !isOver else { return nil }
        let (ids, withRemoved) = (takePage(), withRemoved)
        return try reader.read { db in try SummaryRows.read(db, of: ids, withRemoved: withRemoved) }
    }

    /// The same for callers that must not block.
    package mutating func next() async throws(CatalogError) -> [CatalogSummary]? {
        guard !isOver else { return nil }
        let (ids, withRemoved) = (takePage(), withRemoved)
        return try await reader.read { db in try SummaryRows.read(db, of: ids, withRemoved: withRemoved) }
    }
}
