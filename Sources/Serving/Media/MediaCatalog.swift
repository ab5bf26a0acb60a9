internal import Cataloging
internal import Foundation
internal import Synchronization

/// What the catalog says of published files: whether a title was taken off, and where a version stands. While the catalog cannot be read,
/// or
/// somebody holds its lock, what it last said holds: whoever watches a film sees it to its end.
final class MediaCatalog: Sendable {
    private struct State {
        /// Titles that were taken off.
        var removed: Set<String>
        /// When that was last asked for.
        var askedAt: ContinuousClock.Instant
        /// When the catalog last gave no answer.
        var failedAt: ContinuousClock.Instant?
        /// By title and version.
        var locations: [String: String] = [:]
        /// Stores that versions were found in: where to look for those that nobody asked for while the catalog could be read.
        var stores: Set<String> = []
    }

    private let catalog: CatalogReader
    private let state: Mutex<State>

    /// Seconds to wait for a writer's transaction.
    static let patience = 0.2
    /// A title that was taken off is gone within a second, the wait for a writer included.
    private static let freshness = Duration.milliseconds(500)
    /// After so many versions all are asked for anew.
    private static let mostLocations = 10_000

    /// - Parameter catalog: asked by nobody else.
    init(_ catalog: CatalogReader) throws(CatalogError) {
        self.catalog = catalog
        state = Mutex(State(removed: Set(try catalog.removedTitles().keys), askedAt: .now))
        if let newest = try catalog.newestLocation() { note(newest.location, of: newest.title, newest.version) }
    }

    /// Whether the title was taken off: nobody is sent any of its files.
    func isRemoved(_ title: String) async -> Bool {
        let isStale = state.withLock { state in
            guard state.askedAt.duration(to: .now) > Self.freshness else { return false }
            // One asks for all; the others make do with what it finds next.
            state.askedAt = .now
            return true
        }
        if isStale, let removed = await answer({ [catalog] () async throws(CatalogError) in try await catalog.removedTitles() }) {
            state.withLock { $0.removed = Set(removed.keys) }
        }
        return state.withLock { $0.removed.contains(title) }
    }

    /// Folders that the version may stand in; none: the catalog does not have it, or others serve its files.
    func folders(of title: String, _ version: String) async -> [String] {
        if let answer = await answer({ [catalog] () async throws(CatalogError) in try await catalog.location(of: title, version: version) })
        {
            guard let location = answer else { return [] }
            note(location, of: title, version)
            return [Location(location, title: title, version: version).folder].compactMap { $0 }
        }
        let (location, stores) = state.withLock { ($0.locations["\(title)/\(version)"], $0.stores) }
        if let location { return [Location(location, title: title, version: version).folder].compactMap { $0 } }
        return stores.sorted().map { "\($0)/\(title)/\(version)" }
    }

    /// nil: the catalog gave no answer, now or a moment ago.
    private func answer<Answer>(_ ask: () async throws(CatalogError) -> Answer) async -> Answer? {
        guard state.withLock({ $0.failedAt.map { $0.duration(to: .now) > Self.freshness } ?? true }) else { return nil }
        do {
            let answer = try await ask()
            state.withLock { $0.failedAt = nil }
            return answer
        } catch {
            state.withLock { $0.failedAt = .now }
            return nil
        }
    }

    private func note(_ location: String, of title: String, _ version: String) {
        let ending = "/\(title)/\(version)"
        let store = Location(location, title: title, version: version).folder.flatMap { folder in
            folder.hasSuffix(ending) ? String(folder.dropLast(ending.count)) : nil
        }
        state.withLock { state in
            if state.locations.count >= Self.mostLocations { state.locations = [:] }
            state.locations["\(title)/\(version)"] = location
            if let store { state.stores.insert(store) }
        }
    }
}
