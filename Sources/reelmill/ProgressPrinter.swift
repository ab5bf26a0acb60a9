import Foundation
import MediaModel
import Pipeline
import Synchronization

/// Shows a run to a person. On a terminal: what happened scrolls by, and below it stand one line for each running title and one for the
/// whole, written over as they change. Elsewhere: one line an event, and none of progress.
final class ProgressPrinter: Sendable {
    private struct State {
        var running: [String: TitleProgress] = [:]
        var batch: (done: Double, secondsLeft: Double?)?
        var drawn = Date.distantPast
    }

    private let isQuiet: Bool
    private let state = Mutex(State())

    /// Seconds between two drawings.
    private static let pace = 0.2
    /// Running titles that are shown; more than there are workers hardly run.
    private static let shown = 8

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    private var isLive: Bool { Terminal.isInteractive && !isQuiet }

    func show(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .progress(let title, let progress): state.running[title] = progress
            case .rested(let title): state.running[title] = nil
            case .batch(let done, let secondsLeft): state.batch = (done, secondsLeft)
            default:
                if let title = Self.finished(event) { state.running[title] = nil }
                guard let text = words(event) else { return }
                Terminal.say(text.line, tag: text.tag)
                if case .ended = event { return }
                draw(&state)
                return
            }
            guard isLive, Date().timeIntervalSince(state.drawn) >= Self.pace else { return }
            draw(&state)
        }
    }

    // MARK: What stands below

    private func draw(_ state: inout State) {
        guard isLive else { return }
        var lines = state.running.sorted { $0.key < $1.key }.prefix(Self.shown).map { line($0.key, $0.value) }
        if state.running.count > Self.shown { lines.append("and \(state.running.count - Self.shown) more") }
        if let batch = state.batch {
            let left = batch.secondsLeft.map { $0 > 0.5 ? ", about \(TimeText.length($0)) left" : "" } ?? ""
            lines.append("\(bar(batch.done)) \(percent(batch.done))  all\(left)")
        }
        LiveLines.draw(lines)
        // Nothing that was drawn holds nothing up.
        if !lines.isEmpty { state.drawn = Date() }
    }

    private func line(_ title: String, _ progress: TitleProgress) -> String {
        // How much there is to do is known when it has been read.
        let done = progress.stage == .reading ? String(repeating: " ", count: 26) : "\(bar(progress.done)) \(percent(progress.done))"
        var text = "\(done)  \(title)  \(progress.stage.rawValue)"
        if let speed = progress.speed { text += String(format: "  %.2fx", speed) }
        if let seconds = progress.secondsLeft, progress.done < 1 { text += "  \(TimeText.length(seconds)) left" }
        return text
    }

    private func bar(_ share: Double) -> String {
        let full = Int((min(1, max(0, share)) * 20).rounded(.down))
        return String(repeating: "█", count: full) + String(repeating: "░", count: 20 - full)
    }

    private func percent(_ share: Double) -> String {
        let text = "\(Int(min(1, max(0, share)) * 100)) %"
        return String(repeating: " ", count: max(0, 5 - text.count)) + text
    }

    // MARK: What scrolls by

    private static func finished(_ event: RunEvent) -> String? {
        switch event {
        case .published(let title, _, _, _), .failed(let title, _), .postponed(let title): title
        default: nil
        }
    }

    /// What is said of an event: its first word, where that has a colour, and the rest.
    private typealias Words = (tag: (word: String, color: String)?, line: String)

    private static let (red, green, yellow) = ("31", "32", "33")

    private func words(_ event: RunEvent) -> Words? {
        if case .failed(let title, let reason) = event { return (("failed", Self.red), " \(title): \(reason)") }
        guard !isQuiet else { return nil }
        switch event {
        case .warned(let title, let message): return (("warning", Self.yellow), (title.isEmpty ? ": " : " \(title): ") + message)
        case .retried(let title, let reason): return (("warning", Self.yellow), " \(title): \(reason)")
        case .published(let title, let version, let location, let bytes):
            return (("published", Self.green), " \(title) \(version): \(ByteCount.text(bytes)) in \(location)")
        case .postponed(let title): return (("postponed", Self.yellow), " \(title): the deadline came first; run again to go on")
        default: return plainWords(event).map { (nil, $0) }
        }
    }

    private func plainWords(_ event: RunEvent) -> String? {
        switch event {
        case .began(let titles, let workers):
            "\(titles) \(titles == 1 ? "title" : "titles"), \(workers) \(workers == 1 ? "worker" : "workers")"
        case .upToDate(let title, let version, let note):
            "done \(title) \(version): already published" + (note.map { " (\($0))" } ?? "")
        case .remakes(_, let message): message
        case .noted(let title, let message): (title.isEmpty ? "note: " : "note \(title): ") + message
        case .fetched(let title, let source, let bytes): "fetched \(title): \(ByteCount.text(bytes)) from \(source)"
        case .planned(let title, let version, let renditions, let chunks, let tasks):
            "planned \(title) \(version): \(renditions) renditions, \(chunks) \(chunks == 1 ? "chunk" : "chunks"), \(tasks) tasks to do"
        case .metadataUpdated(let title): "done \(title): metadata updated in the catalog"
        case .moved(let title, let version, let location): "done \(title) \(version): now at \(location) in the catalog"
        case .removed(let title, let message): "left \(title): \(message)"
        case .cleaned(let results, let bytes): "cleaned: \(results) unused results, \(ByteCount.text(bytes))"
        case .ended(let report): RunSummary.text(report)
        case .failed, .warned, .retried, .published, .postponed, .progress, .rested, .batch: nil
        }
    }
}
