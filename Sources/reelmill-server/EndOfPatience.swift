import Dispatch
import Glibc

/// Ends the process some seconds after SIGTERM or SIGINT, when a client that stopped reading keeps an answer open for ever.
///
/// Works beside the server's own handling of the signals, which is what normally ends it.
final class EndOfPatience {
    private let sources: [any DispatchSourceSignal]

    init(seconds: Int) {
        sources = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler {
                // At once: threads are still at work, for which libraries must stay as they are.
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) { _exit(0) }
            }
            source.resume()
            return source
        }
    }
}
