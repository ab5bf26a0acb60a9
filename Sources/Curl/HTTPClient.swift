import Dispatch
import Foundation
import Synchronization

/// Sends requests, many at the same time, over connections that stay open.
///
/// One thread of its own does all the sending and receiving; it ends when the client goes and its last request with it.
package final class HTTPClient: Sendable {
    /// What holds for all requests of a client.
    package struct Settings: Hashable, Sendable {
        /// Requests in flight; those beyond wait. No more connections than this are ever open.
        package var concurrency = 16
        /// A file with trusted certificates (PEM), in place of the system's; nil: the system's.
        package var certificateBundle: String?
        /// Whether the proxies that the environment names are used.
        package var usesProxies = true

        package init() {}
    }

    /// A request that was handed over, for `cancel`.
    package struct Ticket: Hashable, Sendable {
        let number: UInt64
    }

    package typealias Answer = Result<HTTPResponse, CurlError>

    private let mailbox: Mailbox

    /// Starts the thread.
    package init(_ settings: Settings = Settings()) throws(CurlError) {
        let mailbox = try Mailbox()
        self.mailbox = mailbox
        let loop = Thread { TransferLoop.run(settings, mailbox) }
        loop.name = "http"
        loop.start()
    }

    deinit { mailbox.close(cancelling: false) }

    /// Sends `request` and waits for the whole answer.
    /// - Parameter isStopped: looked at several times a second; true gives the request up, as `CurlError.Code.cancelled`.
    package func send(_ request: HTTPRequest, isStopped: () -> Bool = { false }) throws(CurlError) -> HTTPResponse {
        let arrived = DispatchSemaphore(value: 0)
        let answer = Mutex<Answer?>(nil)
        let ticket = start(request) { result in
            answer.withLock { $0 = result }
            arrived.signal()
        }
        var wasStopped = false
        while arrived.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            guard !wasStopped, isStopped() else { continue }
            wasStopped = true
            cancel(ticket)
        }
        guard let result = answer.withLock({ $0 }) else {
            throw CurlError(.cancelled, operation: request.name, detail: "no answer was given")
        }
        return try result.get()
    }

    /// Sends `request`; `completion` is called once, on the client's thread, which it may not hold up.
    @discardableResult
    package func start(_ request: HTTPRequest, completion: @escaping @Sendable (Answer) -> Void) -> Ticket {
        Ticket(number: mailbox.post(request, completion))
    }

    /// Gives a request up: its completion is called with `CurlError.Code.cancelled`, unless it had its answer already.
    package func cancel(_ ticket: Ticket) { mailbox.cancel(ticket.number) }

    /// Gives up all requests, and every later one at once.
    package func stop() { mailbox.close(cancelling: true) }
}
