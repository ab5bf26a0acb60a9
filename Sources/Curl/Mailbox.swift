import CCurl
import Glibc
import Synchronization

/// What other threads ask of a client's thread, and the bell that wakes it.
final class Mailbox: Sendable {
    struct Posted: Sendable {
        var number: UInt64
        var request: HTTPRequest
        var completion: @Sendable (HTTPClient.Answer) -> Void
    }

    /// All that was asked since the last look.
    struct Post: Sendable {
        var requests: [Posted] = []
        var cancelled: Set<UInt64> = []
        /// Nothing more will come.
        var isClosed = false
        /// All that is in flight is to be given up.
        var isStopped = false
    }

    private let post = Mutex(Post())
    private let numbers = Atomic<UInt64>(0)
    /// An eventfd(2): readable while there is something new.
    let bell: CInt

    init() throws(CurlError) {
        bell = reelmill_open_bell()
        guard bell >= 0 else {
            throw CurlError(.unreadable, operation: "start an HTTP client", detail: String(cString: strerror(errno)))
        }
    }

    deinit { Glibc.close(bell) }

    func post(_ request: HTTPRequest, _ completion: @escaping @Sendable (HTTPClient.Answer) -> Void) -> UInt64 {
        let number = numbers.add(1, ordering: .relaxed).newValue
        let isAccepted = post.withLock { post in
            if post.isClosed { return false }
            post.requests.append(Posted(number: number, request: request, completion: completion))
            return true
        }
        if isAccepted {
            ring()
        } else {
            completion(.failure(.cancelled(request)))
        }
        return number
    }

    func cancel(_ number: UInt64) {
        post.withLock { post in _ = post.cancelled.insert(number) }
        ring()
    }

    func close(cancelling: Bool) {
        post.withLock { post in
            post.isClosed = true
            if cancelling { post.isStopped = true }
        }
        ring()
    }

    /// Takes what is there and silences the bell.
    func take() -> Post {
        var count: UInt64 = 0
        _ = read(bell, &count, MemoryLayout<UInt64>.size)
        return post.withLock { post in
            let taken = post
            post.requests = []
            post.cancelled = []
            return taken
        }
    }

    private func ring() {
        var one: UInt64 = 1
        _ = write(bell, &one, MemoryLayout<UInt64>.size)
    }
}

extension CurlError {
    static func cancelled(_ request: HTTPRequest) -> CurlError {
        CurlError(.cancelled, operation: request.name, detail: "it was given up")
    }
}
