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
        /// Says nothing until the client or `close` ends the connection.
        case stall

        package static func text(_ status: Int, _ body: String, headers: [String: String] = [:]) -> Reply {
            .answer(status, headers: headers, body: Array(body.utf8))
        }
    }

    private struct State {
        var requests: [Request] = []
        /// Those that are open.
        var connections: Set<CInt> = []
        var connectionCount = 0
        var isClosed = false
    }

    /// `http://127.0.0.1:PORT`
    package let url: String
    package let port: Int
    private let listener: CInt
    /// Has the same port and never listens: the port is nobody else's when the server is closed, and nobody answers there.
    private let placeholder: CInt
    private let state: Mutex<State>
    private let reply: @Sendable (Request) -> Reply

    /// Starts to listen; `reply` is called on the connection's thread.
    package init(_ reply: @escaping @Sendable (Request) -> Reply) throws {
        self.reply = reply
        (placeholder, port) = try Self.bind(port: 0)
        listener = try Self.bind(port: port).socket
        guard listen(listener, 128) == 0 else { throw Self.lastError }
        url = "http://127.0.0.1:\(port)"
        state = Mutex(State())
        Thread { [self] in accept() }.start()
    }

    deinit { Glibc.close(placeholder) }

    private static var lastError: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }

    /// - Parameter port: 0: any that is free.
    private static func bind(port: Int) throws -> (socket: CInt, port: Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var (address, yes) = (sockaddr_in(), CInt(1))
        // Sockets of which none listens may share a port then.
        guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0,
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size)) == 0
        else { throw lastError }
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = UInt16(port).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                Glibc.bind(descriptor, general, length) == 0 && getsockname(descriptor, general, &length) == 0
            }
        }
        guard isBound else { throw lastError }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// All that came so far.
    package var requests: [Request] { state.withLock { $0.requests } }
    /// How many there were so far.
    package var connectionCount: Int { state.withLock { $0.connectionCount } }

    /// No more connections; those that are open end. Whoever comes later is refused, and gets no other server.
    package func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            // With the lock, under which they are closed: none of these numbers is somebody else's yet.
            for descriptor in state.connections.union([listener]) { shutdown(descriptor, CInt(SHUT_RDWR)) }
        }
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else {
                // What fails for a moment, as where descriptors are short, ends no server.
                if state.withLock(\.isClosed) { break }
                usleep(1000)
                continue
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            let number = state.withLock { state -> Int? in
                guard !state.isClosed else { return nil }
                state.connections.insert(connection)
                state.connectionCount += 1
                return state.connectionCount
            }
            guard let number else {
                Glibc.close(connection)
                break
            }
            Thread { [self] in serve(connection, number) }.start()
        }
        Glibc.close(listener)
    }

    private func serve(_ connection: CInt, _ number: Int) {
        var buffer: [UInt8] = []
        defer {
            // Closed at once, what the client may still send would be answered with a reset, which can overtake the last answer.
            shutdown(connection, CInt(SHUT_WR))
            while more(connection, &buffer) { buffer.removeAll() }
            state.withLock { state in
                state.connections.remove(connection)
                Glibc.close(connection)
            }
        }
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
            case .stall:
                while more(connection, &buffer) { buffer.removeAll() }
                return
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
