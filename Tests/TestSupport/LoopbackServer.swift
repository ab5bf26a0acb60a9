import Foundation
import Glibc
import Synchronization

/// A small HTTP server on 127.0.0.1 that answers as a test says, also in ways that no real server would.
package final class LoopbackServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        /// With its query, as it came.
        package var target: String
        /// Names in lower case.
        package var headers: [String: String]
        package var body: [UInt8]
        /// Which connection it came on, from 1.
        package var connection: Int

        package var path: String { String(target.prefix { $0 != "?" }) }
        package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package enum Reply: Sendable {
        case answer(Int, headers: [String: String] = [:], body: [UInt8] = [])
        /// These bytes, then the connection is closed.
        case raw(String)
        /// Closes the connection without a word.
        case hangUp
        /// Says nothing for so many seconds, then hangs up.
        case stall(Double)

        package static func text(_ status: Int, _ body: String, headers: [String: String] = [:]) -> Reply {
            .answer(status, headers: headers, body: Array(body.utf8))
        }
    }

    private struct State {
        var requests: [Request] = []
        var connections: [CInt] = []
        var isClosed = false
    }

    /// `http://127.0.0.1:PORT`
    package let url: String
    package let port: Int
    private let listener: CInt
    private let state: Mutex<State>
    private let reply: @Sendable (Request) -> Reply

    /// Starts to listen; `reply` is called on the connection's thread.
    package init(_ reply: @escaping @Sendable (Request) -> Reply) throws {
        self.reply = reply
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                bind(descriptor, general, length) == 0 && listen(descriptor, 128) == 0 && getsockname(descriptor, general, &length) == 0
            }
        }
        guard bound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = Int(UInt16(bigEndian: address.sin_port))
        url = "http://127.0.0.1:\(port)"
        state = Mutex(State())
        Thread { [self] in accept() }.start()
    }

    /// All that came so far.
    package var requests: [Request] { state.withLock { $0.requests } }
    package var connectionCount: Int { state.withLock { $0.connections.count } }

    /// No more connections; those that are open end.
    package func close() {
        let open = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed ? [] : state.connections + [listener]
        }
        for descriptor in open { shutdown(descriptor, CInt(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { break }
            let number = state.withLock { state in
                state.connections.append(connection)
                return state.connections.count
            }
            Thread { [self] in serve(connection, number) }.start()
        }
        Glibc.close(listener)
    }

    private func serve(_ connection: CInt, _ number: Int) {
        // The descriptor stays reserved until the process ends, so that `close` never shuts down somebody else's.
        defer { shutdown(connection, CInt(SHUT_RDWR)) }
        var buffer: [UInt8] = []
        while let request = receive(connection, &buffer, number) {
            state.withLock { $0.requests.append(request) }
            switch reply(request) {
            case .answer(let status, let headers, let body):
                var head = "HTTP/1.1 \(status) \(status < 400 ? "Fine" : "Trouble")\r\n"
                for (name, value) in headers { head += "\(name): \(value)\r\n" }
                if status != 204, headers["Content-Length"] == nil { head += "Content-Length: \(body.count)\r\n" }
                send(connection, Array((head + "\r\n").utf8) + (request.method == "HEAD" ? [] : body))
            case .raw(let text):
                return send(connection, Array(text.utf8))
            case .hangUp:
                return
            case .stall(let seconds):
                return Thread.sleep(forTimeInterval: seconds)
            }
        }
    }

    private func receive(_ connection: CInt, _ buffer: inout [UInt8], _ number: Int) -> Request? {
        var head: Range<Int>?
        while head == nil {
            head = buffer.firstRange(of: Array("\r\n\r\n".utf8))
            if head == nil, !more(connection, &buffer) { return nil }
        }
        guard let head else { return nil }
        let lines = String(decoding: buffer[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let length = Int(headers["content-length"] ?? "") ?? 0
        while buffer.count < head.upperBound + length {
            if !more(connection, &buffer) { return nil }
        }
        let body = Array(buffer[head.upperBound..<head.upperBound + length])
        buffer.removeFirst(head.upperBound + length)
        return Request(method: words[0], target: words[1], headers: headers, body: body, connection: number)
    }

    private func more(_ connection: CInt, _ buffer: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(connection, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }

    private func send(_ connection: CInt, _ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            done += count
        }
    }
}
