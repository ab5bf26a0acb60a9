import MediaModel
import Synchronization

/// Published titles that a run would make anew, with the reasons, said before any of them is begun.
final class Remakes: Sendable {
    private struct State {
        /// Reason by title.
        var reasons: [String: String] = [:]
        /// Reasons of refreshes that nothing bounds; they are said when their turn comes.
        var refreshes: [String: String] = [:]
        var isSaid: Set<String> = []
    }

    private let limit: Int?
    private let state = Mutex(State())

    /// - Parameter limit: `max_remakes`.
    init(limit: Int?) { self.limit = limit }

    func add(_ title: String, because reason: String) { state.withLock { $0.reasons[title] = reason } }

    /// A refresh counts where no budget bounds it.
    func addRefresh(_ title: String, because reason: String) { state.withLock { $0.refreshes[title] = reason } }

    /// Says what has been added since the last time.
    /// - Throws: `document` where all of it together is more than the manifest allows.
    func demandFew(_ manifest: String, say: (_ titles: Int, _ message: String) -> Void) throws {
        let (news, all, words) = state.withLock { state in
            let news = state.reasons.filter { !state.isSaid.contains($0.key) }
            state.isSaid.formUnion(news.keys)
            let all = state.reasons.merging(state.refreshes) { first, _ in first }
            return (news, all.count, Self.words(all))
        }
        if let limit, all > limit {
            throw PipelineError(
                .document, "run '\(manifest)'",
                "it would make \(Self.count(all)) anew (\(words)), and max_remakes is \(limit); "
                    + "raise it if that is what you want, or name a title with --only")
        }
        if !news.isEmpty { say(news.count, "\(Self.count(news.count)) made anew: \(Self.words(news))") }
    }

    static func count(_ count: Int) -> String { count == 1 ? "1 published title" : "\(count) published titles" }

    /// `preset h264-standard has changed: 412 titles; …`, the most frequent reason first.
    static func words(_ reasons: [String: String]) -> String {
        let counts = Dictionary(grouping: reasons.values, by: \.self).mapValues(\.count)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key): \($0.value == 1 ? "1 title" : "\($0.value) titles")" }.joined(separator: "; ")
    }
}
