import Cataloging
import Engine

/// `catalog remove` and `catalog restore`: takes titles off at once, or shows them again. No file is touched.
package enum TitleRemoval {
    package enum Action: Sendable { case remove, restore }

    /// What became of the titles, a line each.
    package struct Outcome: Sendable {
        package var lines: [String] = []
        /// Titles of which nobody knows; the others were changed.
        package var faults: [String] = []
        /// If the CDN could not be told.
        package var warnings: [String] = []
    }

    /// - Parameter environment: where a manifest's store's credentials are looked for.
    /// - Throws: where the catalog cannot be changed: then it stays as it was.
    package static func run(
        _ action: Action, _ ids: [String], at home: CatalogHome, environment: [String: String] = RunOptions.thisEnvironment
    ) throws -> Outcome {
        do {
            let rooms = try home.rooms(environment)
            let catalog = try rooms.open()
            // Who watches through a CDN has its copy of every version. A command that is killed after the catalog's transaction leaves the
            // next run something to send.
            if let ledger = rooms.ledger {
                for id in ids { for version in try told(action, catalog.versions(of: id)) { ledger.owe(Purge(version)) } }
            }
            let changes =
                switch action {
                case .remove: try catalog.removeTitles(ids)
                case .restore: try catalog.restoreTitles(ids)
                }
            return outcome(action, changes, rooms.ledger)
        } catch let error as CatalogError {
            let operation = action == .remove ? "remove" : "restore"
            throw PipelineError(
                FailureReason.code(of: error), "\(operation) '\(ids.joined(separator: "', '"))'", "", underlying: error)
        }
    }

    /// The versions of which a CDN must be told: all that it may have of a title that goes, and the one that comes back.
    private static func told(_ action: Action, _ versions: [VersionRecord]) -> [VersionRecord] {
        versions.filter { action == .remove || $0.isCurrent }
    }

    private static func outcome(_ action: Action, _ changes: [TitleChange], _ ledger: PurgeLedger?) -> Outcome {
        var outcome = Outcome()
        for change in changes {
            guard change.kind != .unknown else {
                outcome.faults.append(fault(action, change.title))
                continue
            }
            outcome.lines.append(line(action, change))
            if let ledger { outcome.warnings += told(action, change.versions).compactMap { ledger.tell(Purge($0)) } }
        }
        return outcome
    }

    private static func fault(_ action: Action, _ title: String) -> String {
        action == .remove
            ? "\(title): the catalog has no such title; one that was never published is kept off by leaving it out of the manifest"
            : "\(title): the catalog has no such title, and none that was taken off"
    }

    private static func line(_ action: Action, _ change: TitleChange) -> String {
        let title = change.title
        switch (action, change.kind) {
        case (.remove, .changed): return "\(title): taken off; 'reelmill gc' removes its files after keep_days"
        case (.remove, _): return "\(title): was taken off already"
        case (.restore, .changed):
            guard let current = change.versions.first(where: \.isCurrent) else {
                return "\(title): restored; its files are gone, so the next run publishes it anew"
            }
            return "\(title): restored; version \(current.version) is shown again, in \(current.location)"
        case (.restore, _): return "\(title): was not taken off"
        }
    }
}
