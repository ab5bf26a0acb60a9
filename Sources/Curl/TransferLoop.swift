import CCurl
import Glibc

/// The life of a client's thread: takes requests from the mailbox, lets libcurl work, hands answers on.
final class TransferLoop {
    private let settings: HTTPClient.Settings
    private let mailbox: Mailbox
    private let multi: UnsafeMutableRawPointer
    /// Not yet begun, the oldest first.
    private var waiting: [Mailbox.Posted] = []
    private var running: [UInt64: Transfer] = [:]
    /// Handles that finished a request: taking one costs less than making it.
    private var idle: [EasyHandle] = []

    /// Returns when the mailbox is closed and the last answer is given.
    static func run(_ settings: HTTPClient.Settings, _ mailbox: Mailbox) {
        blockBrokenPipes()
        guard globalInit, let multi = curl_multi_init() else { return refuseAll(mailbox) }
        let loop = TransferLoop(settings, mailbox, multi)
        while loop.turn() {}
    }

    private init(_ settings: HTTPClient.Settings, _ mailbox: Mailbox, _ multi: UnsafeMutableRawPointer) {
        self.settings = settings
        self.mailbox = mailbox
        self.multi = multi
        let count = max(settings.concurrency, 1)
        // Neither can fail: both options are as old as curl_multi_poll, which this loop needs.
        _ = reelmill_multi_set_long(multi, CURLMOPT_MAXCONNECTS, count)
        _ = reelmill_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, count)
    }

    deinit {
        // Handles must go before the multi handle that they may still share connections with.
        running.removeAll()
        idle.removeAll()
        curl_multi_cleanup(multi)
    }

    /// One round. False: all is done.
    private func turn() -> Bool {
        let post = mailbox.take()
        waiting += post.requests
        for number in post.cancelled { giveUp(number) }
        if post.isStopped { giveUpAll() }
        fill()
        if running.isEmpty, waiting.isEmpty, post.isClosed { return false }

        var active: CInt = 0
        var code = curl_multi_perform(multi, &active)
        collect()
        // Answers made room: begin the next ones before sleeping.
        if !waiting.isEmpty, running.count < max(settings.concurrency, 1) { return true }
        if code == CURLM_OK {
            var bell = curl_waitfd(fd: mailbox.bell, events: Int16(CURL_WAIT_POLLIN), revents: 0)
            code = curl_multi_poll(multi, &bell, 1, 1000, nil)
        }
        if code != CURLM_OK { failAll(code) }
        return true
    }

    private func fill() {
        while running.count < max(settings.concurrency, 1), !waiting.isEmpty {
            let posted = waiting.removeFirst()
            begin(posted)
        }
    }

    private func begin(_ posted: Mailbox.Posted) {
        do throws(CurlError) {
            let handle = if let used = idle.popLast() { used } else { try EasyHandle() }
            let transfer = try Transfer(posted, on: handle, settings)
            let code = curl_multi_add_handle(multi, handle.pointer)
            guard code == CURLM_OK else { throw Self.failure(code, posted.request) }
            running[posted.number] = transfer
        } catch {
            posted.completion(.failure(error))
        }
    }

    /// Hands on the answers that are whole, and what failed.
    private func collect() {
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            let easy = message.pointee.easy_handle
            let code = reelmill_message_result(message)
            guard let number = running.first(where: { $0.value.handle.pointer == easy })?.key else { continue }
            end(number) { transfer in transfer.answer(code) }
        }
    }

    private func giveUp(_ number: UInt64) {
        if let place = waiting.firstIndex(where: { $0.number == number }) {
            let posted = waiting.remove(at: place)
            posted.completion(.failure(.cancelled(posted.request)))
        } else {
            end(number) { transfer in .failure(.cancelled(transfer.request)) }
        }
    }

    private func giveUpAll() {
        for posted in waiting { posted.completion(.failure(.cancelled(posted.request))) }
        waiting = []
        for number in Array(running.keys) { giveUp(number) }
    }

    private func failAll(_ code: CURLMcode) {
        for number in Array(running.keys) { end(number) { transfer in .failure(Self.failure(code, transfer.request)) } }
    }

    private func end(_ number: UInt64, _ answer: (Transfer) -> HTTPClient.Answer) {
        guard let transfer = running.removeValue(forKey: number) else { return }
        curl_multi_remove_handle(multi, transfer.handle.pointer)
        let result = answer(transfer)
        transfer.handle.reset()
        idle.append(transfer.handle)
        transfer.completion(result)
    }

    private static func failure(_ code: CURLMcode, _ request: HTTPRequest) -> CurlError {
        let words = curl_multi_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
        return CurlError(.sendFailed, operation: request.name, detail: words)
    }

    private static func refuseAll(_ mailbox: Mailbox) {
        mailbox.close(cancelling: true)
        for posted in mailbox.take().requests {
            posted.completion(.failure(CurlError(.sendFailed, operation: posted.request.name, detail: "libcurl cannot be set up")))
        }
    }

    /// Must be the first call of all into libcurl, and only one.
    private static let globalInit = reelmill_global_init() == CURLE_OK

    /// A server that closes its end must not end this process: some TLS libraries write without saying MSG_NOSIGNAL.
    private static func blockBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
