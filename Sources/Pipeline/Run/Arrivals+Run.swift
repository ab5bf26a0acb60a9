import Fetching
import Foundation
import MediaModel
import Planning
import S3

extension Arrivals {
    /// Brings the remote files of a run's titles here. Nothing is looked at or fetched of titles that a person took off.
    /// - Parameter outcome: learns of titles that were taken off, and of those whose files do not come.
    convenience init(of requests: [TitleRequest], in run: Run, _ outcome: Outcome) {
        let (options, onEvent) = (run.options, run.onEvent)
        let shouldStop: @Sendable () -> Bool = {
            StopSignal.isRaised || options.isLate || outcome.isEnded || (options.failFast && outcome.hasFailures)
        }
        let files = RemoteFiles(run.manifest.sources, surroundings: Surroundings(environment: options.environment), isStopped: shouldStop)
        let listener = Listener(
            onFetched: { title, address, bytes, isFirm in
                onEvent(.fetched(title: title, source: address.shown, bytes: bytes))
                guard !isFirm else { return }
                let words = "its server gives neither ETag nor Last-Modified, so that it is fetched anew in every run"
                onEvent(.warned(title: title, message: "\(address.shown): \(words)"))
            },
            onWarning: { title, address, message in onEvent(.warned(title: title, message: "\(address.shown): \(message)")) },
            // One that is published may do without its files.
            mayDoWithout: { title in (try? run.publication.published.standings(of: [title]))?.isEmpty == false },
            onFailure: outcome.fail)
        let cache = RemoteCache(
            work: run.work, stamps: run.preparation.probes.stamps, files: files, memory: run.publication.published.memory)
        self.init(Self.shown(requests, run, outcome), cache: cache, listener: listener, shouldStop: shouldStop)
    }

    /// The titles that nobody took off.
    private static func shown(_ requests: [TitleRequest], _ run: Run, _ outcome: Outcome) -> [TitleRequest] {
        requests.filter { request in
            do {
                guard try run.publication.published.isRemoved(request.id) else { return true }
                outcome.set(run.publication.leave(removed: request.id, journal: run.journal, onEvent: run.onEvent))
            } catch { outcome.fail(request.id, error) }
            return false
        }
    }
}
