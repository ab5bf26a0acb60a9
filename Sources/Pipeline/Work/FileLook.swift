import Foundation
import Synchronization

/// Looks at files for one who must not hang: a mount whose server is gone answers nobody, and whoever asks it waits for ever.
final class FileLook<Answer: Sendable>: Sendable {
    /// A folder whose mount does not answer.
    struct Silence: Error {
        var seconds: Double
    }

    private let patience: Double
    private let ask: @Sendable (_ path: String) -> Answer
    /// Folders that did not answer: nobody waits for them again.
    private let silent = Mutex<Set<String>>([])

    /// - Parameters:
    ///   - patience: seconds for which a file may say nothing; nil: whoever asks may hang, and is ended by another.
    ///   - ask: may hang.
    init(patience: Double?, ask: @escaping @Sendable (_ path: String) -> Answer) {
        self.patience = patience ?? 0
        self.ask = ask
    }

    func look(_ path: String) throws(Silence) -> Answer {
        guard patience > 0 else { return ask(path) }
        let folder = (path as NSString).deletingLastPathComponent
        guard !silent.withLock({ $0.contains(folder) }) else { throw Silence(seconds: patience) }
        let reply = Reply()
        let thread = Thread { [ask] in reply.give(ask(path)) }
        thread.name = "look"
        thread.start()
        guard let answer = reply.wait(seconds: patience) else {
            silent.withLock { _ = $0.insert(folder) }
            throw Silence(seconds: patience)
        }
        return answer
    }

    /// What comes from the thread that may hang.
    private final class Reply: Sendable {
        private let answer = Mutex<Answer?>(nil)
        private let came = DispatchSemaphore(value: 0)

        func give(_ value: Answer) {
            answer.withLock { $0 = value }
            came.signal()
        }

        func wait(seconds: Double) -> Answer? {
            guard came.wait(timeout: .now() + seconds) == .success else { return nil }
            return answer.withLock { $0 }
        }
    }
}
