import Foundation
import Pipeline
import Synchronization

/// Shows a run to a person: one line per event; on a terminal, progress on a last line that is written over.
final class ProgressPrinter: Sendable {
    private let isQuiet: Bool
    private let shares = Mutex<[String: Double]>([:])

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func show(_ event: RunEvent) {
        shares.withLock { shares in
            if case .progress(let title, let done) = event {
                shares[title] = done
                if Terminal.isInteractive && !isQuiet { FileHandle.standardError.write(Data("\r\u{1B}[K\(line(shares))".utf8)) }
                return
            }
            guard let text = words(event, &shares) else { return }
            if Terminal.isInteractive { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
            Terminal.say(text)
        }
    }

    private func line(_ shares: [String: Double]) -> String {
        shares.sorted { $0.key < $1.key }.filter { $0.value < 1 }.prefix(4).map { "\($0.key) \(Int($0.value * 100)) %" }.joined(
            separator: "  ")
    }

    private func words(_ event: RunEvent, _ shares: inout [String: Double]) -> String? {
        if case .failed(let title, let reason) = event { return "\(Terminal.paint("failed", "31")) \(title): \(reason)" }
        guard !isQuiet else { return nil }
        switch event {
        case .began(let titles, let workers): return "\(titles) titles, \(workers) workers"
        case .upToDate(let title, let version): return "done \(title) \(version): already published"
        case .planned(let title, let version, let renditions, let chunks):
            return "planned \(title) \(version): \(renditions) renditions, \(chunks) \(chunks == 1 ? "chunk" : "chunks")"
        case .warned(let title, let message): return "\(Terminal.paint("warning", "33")) \(title): \(message)"
        case .published(let title, let version, let location, let bytes):
            shares[title] = nil
            return "\(Terminal.paint("published", "32")) \(title) \(version): \(bytes / 1000) kB in \(location)"
        case .metadataUpdated(let title): return "done \(title): metadata updated in the catalog"
        case .ended(let done, let unchanged, let failed): return "\(done) done, \(unchanged) unchanged, \(failed) failed"
        case .failed, .progress: return nil
        }
    }
}
