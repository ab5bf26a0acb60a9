import Curl
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPClientTests {
    let client: HTTPClient

    init() throws { client = try HTTPClient() }

    @Test func anAnswerComesWhole() throws {
        let server = try LoopbackServer { _ in .text(200, "hello", headers: ["X-Thing": "  two words "]) }
        let answer = try client.send(HTTPRequest("GET", "\(server.url)/a/../b?c=d%20e", headers: [HTTPField("X-Asked", "yes")]))
        #expect(answer.status == 200)
        #expect(answer.body == Array("hello".utf8))
        #expect(answer["x-thing"] == "two words")
        // Nothing in the address was changed on the way: what was signed goes out.
        #expect(server.requests.map(\.target) == ["/a/../b?c=d%20e"])
        #expect(server.requests.first?.headers["x-asked"] == "yes")
    }

    @Test func anErrorStatusIsAnAnswer() throws {
        let server = try LoopbackServer { _ in .text(503, "later") }
        let folder = try TemporaryFolder()
        let answer = try client.send(HTTPRequest("GET", server.url, destination: .file(path: folder.file("body"), offset: 0)))
        #expect(answer.status == 503)
        #expect(String(decoding: answer.body, as: UTF8.self) == "later")
        #expect(try folder.listing().isEmpty)
    }

    @Test func anErrorPageWithoutEndIsCutOffAndStillAnAnswer() throws {
        let server = try LoopbackServer { _ in .text(503, "later" + String(repeating: " ", count: 16 << 20), headers: ["X-Thing": "x"]) }
        let answer = try client.send(HTTPRequest("GET", server.url))
        #expect(answer.status == 503 && answer["x-thing"] == "x")
        #expect(String(decoding: answer.body.prefix(5), as: UTF8.self) == "later")
        #expect(answer.body.count == 256 << 10 && answer.bodyBytes < 1 << 20)
        #expect(try client.send(HTTPRequest("GET", server.url)).status == 503)
    }

    @Test func oneConnectionServesOneRequestAfterAnother() throws {
        let server = try LoopbackServer { _ in .text(200, "x") }
        for _ in 0..<5 { _ = try client.send(HTTPRequest("GET", server.url)) }
        #expect(server.requests.count == 5)
        #expect(server.connectionCount == 1)
    }

    @Test func noChildInheritsAConnection() throws {
        let server = try LoopbackServer { _ in .text(200, "x") }
        _ = try client.send(HTTPRequest("GET", server.url))
        // The client's end of the connection is the one whose other end is the server's port.
        let flags = (0..<CInt(getdtablesize())).filter { Self.peerPort($0) == server.port }.map { fcntl($0, F_GETFD) }
        #expect(flags == [FD_CLOEXEC])
    }

    private static func peerPort(_ descriptor: CInt) -> Int? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
        }
        guard isConnected, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    @Test func noMoreConnectionsThanAllowed() throws {
        var settings = HTTPClient.Settings()
        settings.concurrency = 3
        let client = try HTTPClient(settings)
        let busy = Mutex((now: 0, most: 0))
        let meeting = Meeting(of: 3)
        let server = try LoopbackServer { _ in
            busy.withLock { busy in
                busy.now += 1
                busy.most = max(busy.most, busy.now)
            }
            defer { busy.withLock { $0.now -= 1 } }
            return .text(meeting.join() ? 200 : 500, "x")
        }
        let group = DispatchGroup()
        let good = Mutex(0)
        for _ in 0..<20 {
            group.enter()
            client.start(HTTPRequest("GET", server.url)) { answer in
                if case .success(let answer) = answer, answer.status == 200 { good.withLock { $0 += 1 } }
                group.leave()
            }
        }
        group.wait()
        #expect(good.withLock { $0 } == 20)
        #expect(server.connectionCount <= 3)
        #expect(busy.withLock { $0.most } == 3)
    }

    @Test func aStretchOfAFileIsSent() throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        let folder = try TemporaryFolder()
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try folder.write(bytes, to: "data")
        let shown = Mutex(Data())
        var request = HTTPRequest("PUT", server.url, body: .file(path: path, offset: 1000, count: 2_500_000))
        request.onSend = { piece, position in
            shown.withLock { shown in
                if position == shown.count { shown.append(contentsOf: piece) }
            }
        }
        _ = try client.send(request)
        #expect(server.requests.first?.method == "PUT")
        #expect(shown.withLock { Array($0) } == server.requests.first?.body)
        #expect(server.requests.first?.body == Array(bytes[1000..<2_501_000]))
        #expect(server.requests.first?.headers["expect"] == nil)
    }

    @Test func anEmptyBodyIsSentWithItsLength() throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        _ = try client.send(HTTPRequest("PUT", server.url, body: .bytes([])))
        #expect(server.requests.first?.headers["content-length"] == "0")
        #expect(server.requests.first?.headers["transfer-encoding"] == nil)
    }

    @Test func bytesArePostedAndNothingIsAdded() throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        _ = try client.send(HTTPRequest("POST", server.url, body: .bytes(Array("a=b".utf8))))
        #expect(server.requests.first?.method == "POST")
        #expect(server.requests.first?.text == "a=b")
        #expect(server.requests.first?.headers["content-type"] == nil)
    }

    @Test func aHeadRequestWaitsForNoBody() throws {
        let server = try LoopbackServer { _ in .answer(200, headers: ["Content-Length": "1000000"]) }
        let answer = try client.send(HTTPRequest("HEAD", server.url))
        #expect(answer["content-length"] == "1000000")
        #expect(answer.body.isEmpty)
    }

    @Test func whoAsksForFactsAcceptsWhatIsEncoded() throws {
        let server = try LoopbackServer { _ in .answer(200, headers: ["Content-Length": "1000000", "Content-Encoding": "gzip"]) }
        var request = HTTPRequest("HEAD", server.url)
        request.isDecoding = true
        let answer = try client.send(request)
        #expect(server.requests.first?.headers["accept-encoding"] == "gzip")
        #expect(answer["content-length"] == "1000000" && answer["content-encoding"] == "gzip")
    }

    @Test func anAnswerGoesIntoAFileFromAnOffset() throws {
        let server = try LoopbackServer { _ in .text(206, "world") }
        let folder = try TemporaryFolder()
        let path = try folder.write("hello", to: "part")
        let answer = try client.send(HTTPRequest("GET", server.url, destination: .file(path: path, offset: 5)))
        #expect(answer.body.isEmpty)
        #expect(answer.bodyBytes == 5)
        #expect(try folder.bytes(of: "part") == Array("helloworld".utf8))
    }

    @Test func allOfABodyIsRefusedOrLeftWhereAPartWasAskedFor() throws {
        let server = try LoopbackServer { _ in .answer(200, headers: ["ETag": "x"], body: [UInt8](repeating: 1, count: 4 << 20)) }
        let folder = try TemporaryFolder()
        var request = HTTPRequest("GET", server.url, destination: .file(path: folder.file("part"), offset: 5))
        request.whole = .refused
        let error = #expect(throws: CurlError.self) { try client.send(request) }
        #expect(error?.code == .notPartial)
        request.whole = .headers
        let answer = try client.send(request)
        #expect(answer.status == 200 && answer["etag"] == "x" && answer.bodyBytes == 0)
        #expect(try folder.listing().isEmpty)
    }

    @Test func requestsAfterTheClientIsStoppedAreRefused() throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        client.stop()
        #expect(throws: CurlError.self) { try client.send(HTTPRequest("GET", server.url)) }
        #expect(server.requests.isEmpty)
    }
}
