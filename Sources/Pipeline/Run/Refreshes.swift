import Cataloging
import Foundation
import MediaModel
import Synchronization

/// Published titles that are outdated: counted for people, and, where somebody asks for it, made anew after what is due, oldest first.
final class Refreshes: Sendable {
    private struct Title: Sendable {
        var id: String
        var publishedAt: Int64
        var outdated: Outdated
        var reason: String
        var isWanted: Bool
    }

    private let scope: Set<RefreshScope>
    /// Seconds of a run; nil: as long as it takes.
    let budget: Double?
    private let remakes: Remakes
    private let titles = Mutex<[Title]>([])

    init(_ scope: Set<RefreshScope>, budget: Double?, remakes: Remakes) {
        self.scope = scope
        self.budget = budget
        self.remakes = remakes
    }

    func wants(_ title: PublishedTitleState) -> Bool { !title.isGone && !title.outdated.respects.isDisjoint(with: scope) }

    /// Takes note of a title that stays as it is for now.
    func add(_ request: TitleRequest, _ published: PublishedTitleState) {
        guard !published.outdated.respects.isEmpty else { return }
        let reason = published.outdated.reason(in: scope, published.standing)
        let isWanted = wants(published)
        titles.withLock { titles in
            titles.removeAll { $0.id == request.id }
            titles.append(
                Title(
                    id: request.id, publishedAt: published.standing.publishedAt, outdated: published.outdated, reason: reason,
                    isWanted: isWanted))
        }
        if isWanted, budget == nil { remakes.addRefresh(request.id, because: reason) }
    }

    /// Ids of the titles that are to be made anew, the oldest first, with the reasons.
    var wanted: [(id: String, reason: String)] {
        titles.withLock { titles in
            titles.filter(\.isWanted).sorted { ($0.publishedAt, $0.id) < ($1.publishedAt, $1.id) }.map { ($0.id, $0.reason) }
        }
    }

    /// How many titles could be made anew; nil where none could.
    /// - Parameter isDone: whether a title has been made anew since.
    func summary(isDone: (String) -> Bool) -> String? {
        Outdated.summary(titles.withLock { $0 }.filter { !isDone($0.id) }.map(\.outdated))
    }
}
