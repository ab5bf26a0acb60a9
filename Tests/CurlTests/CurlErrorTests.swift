import Curl
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct CurlErrorTests {
    let client: HTTPClient

    init() throws { client = try HTTPClient() }

    /// The error that a request ends with.
    func failure(_ request: HTTPRequest) -> CurlError? {
        do throws(CurlError) {
            _ = try client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func nobodyListening() throws {
        let server = try LoopbackServer { _ in .hangUp }
        server.close()
        let error = failure(HTTPRequest("GET", "\(server.url)/key?X-Amz-Security-Token=geheim"))
        #expect(error?.code == .unconnectable)
        #expect(error?.isTransient == true)
    }

    @Test func anErrorNamesHostAndPathButNeitherQueryNorHeaders() throws {
        let server = try LoopbackServer { _ in .hangUp }
        let request = HTTPRequest("PUT", "\(server.url)/some/key?token=geheim", headers: [HTTPField("Authorization", "verborgen")])
        let error = try #require(failure(request))
        #expect(error.code == .noAnswer)
        #expect(error.isTransient)
        #expect(error.description.contains("PUT \(server.url)/some/key: "))
        #expect(!error.description.contains("geheim"))
        #expect(!error.description.contains("verborgen"))
    }

    @Test func aBodyThatEndsTooSoon() throws {
        let server = try LoopbackServer { _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") }
        let error = failure(HTTPRequest("GET", server.url))
        #expect(error?.code == .cutShort)
        #expect(error?.isTransient == true)
    }

    @Test(arguments: ["", "X-Thing: x\r\n", "Content-Length: 0\r\n", "Content-Le"], ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 404 No\r\n"])
    func anAnswerThatEndsInsideItsHead(rest: String, start: String) throws {
        let server = try LoopbackServer { _ in .raw(start + rest) }
        for method in ["GET", "HEAD"] {
            let error = failure(HTTPRequest(method, server.url))
            #expect(error?.code == .cutShort && error?.isTransient == true)
        }
    }

    @Test func anInterimAnswerAloneIsNone() throws {
        let server = try LoopbackServer { _ in .raw("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 2") }
        #expect(failure(HTTPRequest("GET", server.url))?.isTransient == true)
    }

    @Test func aHeadWithNothingBehindItIsWhole() throws {
        let server = try LoopbackServer { _ in .raw("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nX-Thing: x\r\n\r\n") }
        let answer = try client.send(HTTPRequest("GET", server.url))
        #expect(answer.status == 200 && answer["link"] == nil && answer["x-thing"] == "x" && answer.bodyBytes == 0)
    }

    @Test func aServerThatSaysNothingIsGivenUp() throws {
        let server = try LoopbackServer { _ in .stall }
        var request = HTTPRequest("GET", server.url)
        request.patience.stalling = 1
        let error = failure(request)
        #expect(error?.code == .timedOut)
        #expect(error?.isTransient == true)
        server.close()
    }

    @Test func anAnswerThatIsTooLargeIsRefused() throws {
        let server = try LoopbackServer { _ in .answer(200, body: [UInt8](repeating: 1, count: 5000)) }
        let error = failure(HTTPRequest("GET", server.url, destination: .memory(limit: 4999)))
        #expect(error?.code == .tooLarge)
        #expect(error?.isTransient == false)
    }

    @Test func anAnswerThatIsTooLargeForItsFileIsRefusedBeforeItIsThere() throws {
        let server = try LoopbackServer { _ in .answer(200, body: [UInt8](repeating: 1, count: 4 << 20)) }
        let folder = try TemporaryFolder()
        let path = folder.file("body")
        let error = failure(HTTPRequest("GET", server.url, destination: .file(path: path, offset: 0, limit: 1 << 20)))
        #expect(error?.code == .tooLarge && error?.isTransient == false)
        #expect(try folder.bytes(of: "body").count <= 1 << 20)
        let exact = HTTPRequest("GET", server.url, destination: .file(path: path, offset: 0, limit: 4 << 20))
        #expect(try client.send(exact).bodyBytes == 4 << 20)
    }

    @Test func aFileThatIsNotThereOrTooShort() throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        let folder = try TemporaryFolder()
        let missing = folder.file("missing")
        #expect(failure(HTTPRequest("PUT", server.url, body: .file(path: missing, offset: 0, count: 1)))?.detail.contains(missing) == true)
        let short = try folder.write("abc", to: "short")
        let error = failure(HTTPRequest("PUT", server.url, body: .file(path: short, offset: 0, count: 10)))
        #expect(error?.code == .unreadable)
        #expect(error?.isTransient == false)
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\u{0}b"]) func nothingIsSentThatWouldBeMoreThanOneHeader(value: String) throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        for request in [
            HTTPRequest("GET", server.url, headers: [HTTPField("X-Thing", value)]), HTTPRequest("GET", "\(server.url)/?\(value)"),
            HTTPRequest("GET", server.url, headers: [HTTPField(value, "x")]),
        ] {
            let error = failure(request)
            #expect(error?.code == .malformed && error?.isTransient == false && error?.description.contains("Evil") == false)
        }
        #expect(server.requests.isEmpty)
    }

    @Test func otherProtocolsAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("secret", to: "passwords")
        #expect(failure(HTTPRequest("GET", "file://\(path)")) != nil)
    }

    @Test func aRequestIsCancelledWhileItRunsOrWaits() throws {
        var settings = HTTPClient.Settings()
        settings.concurrency = 1
        let client = try HTTPClient(settings)
        let server = try LoopbackServer { _ in .stall }
        let errors = Mutex<[CurlError.Code]>([])
        let group = DispatchGroup()
        let tickets = (0..<3).map { _ in
            group.enter()
            return client.start(HTTPRequest("GET", server.url)) { answer in
                if case .failure(let error) = answer { errors.withLock { $0.append(error.code) } }
                group.leave()
            }
        }
        for ticket in tickets.reversed() { client.cancel(ticket) }
        group.wait()
        #expect(errors.withLock { $0 } == [.cancelled, .cancelled, .cancelled])
        server.close()
    }

    @Test func stoppingEndsWhatRuns() throws {
        let server = try LoopbackServer { _ in .stall }
        let group = DispatchGroup()
        let codes = Mutex<[CurlError.Code]>([])
        for _ in 0..<4 {
            group.enter()
            client.start(HTTPRequest("GET", server.url)) { answer in
                if case .failure(let error) = answer { codes.withLock { $0.append(error.code) } }
                group.leave()
            }
        }
        client.stop()
        group.wait()
        #expect(codes.withLock { $0 } == Array(repeating: .cancelled, count: 4))
        server.close()
    }

    @Test func aConnectionThatTheServerClosedMeanwhileIsReplaced() throws {
        let answered = Mutex(0)
        let server = try LoopbackServer { _ in
            answered.withLock { $0 += 1 }
            return .raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        for _ in 0..<3 {
            let answer = try client.send(HTTPRequest("PUT", server.url, body: .bytes(Array("body".utf8))))
            #expect(answer.status == 200)
        }
        #expect(server.requests.map(\.text) == ["body", "body", "body"])
    }
}
