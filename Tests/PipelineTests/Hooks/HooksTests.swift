import Crypto
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

@Suite struct HooksTests {
    private static let environment = ["HOOK_KEY": "key-of-the-hook", "TOKEN": "token-of-the-cdn", "HOST": ""]

    private func purge(
        _ url: String, headers: [(String, String)] = [], body: String? = nil, environment: [String: String] = HooksTests.environment
    ) throws {
        let settings = PurgeSettings(
            method: "PURGE", url: try TemplateText(url),
            headers: try headers.map { .init(name: $0.0, value: try TemplateText($0.1)) }, body: try body.map { try TemplateText($0) })
        try Purger(settings, environment: environment).send(
            title: "one", version: "0123456789abcdef", location: "https://cdn.host/films/one/0123456789abcdef", isHasty: true)
    }

    private func message(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return ""
    }

    @Test func aMessageIsSignedAsItIsSent() throws {
        let server = try LoopbackServer { _ in .text(204, "") }
        let settings = NotifySettings(url: try TemplateText("\(server.url)/hook"), secretVariable: "HOOK_KEY")
        try Notifier(settings, environment: Self.environment).send(Array(#"{"format_version":1}"#.utf8))
        let request = try #require(server.requests.first)
        let key = SymmetricKey(data: Data("key-of-the-hook".utf8))
        let expected = HMAC<SHA256>.authenticationCode(for: Data(request.body), using: key).map { String(format: "%02x", $0) }.joined()
        #expect(request.method == "POST" && request.text == #"{"format_version":1}"#)
        #expect(request.headers["x-reelmill-signature"] == "sha256=\(expected)")
        #expect(request.headers["content-type"] == "application/json")
    }

    @Test func aBusyWebhookIsTriedAgain() throws {
        let server = try LoopbackServer { [count = Counter()] _ in .text(count.next() < 2 ? 503 : 200, "") }
        let settings = NotifySettings(url: try TemplateText(server.url + "/hook"), secretVariable: "HOOK_KEY")
        try Notifier(settings, environment: Self.environment).send([1])
        #expect(server.requests.count == 2 && server.requests[0].body == server.requests[1].body)
    }

    @Test func aPurgeIsFilledIn() throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        try purge(
            "\(server.url)/{title}{path}?of={url}", headers: [("X-Token", "Bearer ${TOKEN}")],
            body: #"{ "v": "{version}", "t": "${TOKEN}" }"#)
        let request = try #require(server.requests.first)
        #expect(request.method == "PURGE")
        #expect(
            request.target
                == "/one/films/one/0123456789abcdef?of=https%3A%2F%2Fcdn.host%2Ffilms%2Fone%2F0123456789abcdef")
        #expect(request.headers["x-token"] == "Bearer token-of-the-cdn")
        #expect(request.text == #"{ "v": "0123456789abcdef", "t": "token-of-the-cdn" }"#)
    }

    @Test func noMessageTellsASecret() throws {
        let server = try LoopbackServer { request in .text(403, "you sent \(request.headers) to \(request.target)") }
        // No label of a host's name may be so long: nobody is asked for its address.
        let host = "${TOKEN}.\(String(repeating: "a", count: 70)).invalid"
        for url in ["\(server.url)/${TOKEN}/x?key=${TOKEN}", "http://127.0.0.1:1/${TOKEN}", "https://\(host)/x"] {
            let words = message { try purge(url, headers: [("X-Token", "${TOKEN}")], body: "${TOKEN}") }
            #expect(!words.isEmpty && !words.contains("token-of-the-cdn"))
        }
        #expect(message { try purge("\(server.url)/x") }.contains("status 403"))
    }

    /// Whoever sends many of them goes on after one that is refused, and gives up where nobody is there.
    @Test(arguments: [302, 403, 404, 408, 425, 429, 500, 503]) func aRefusalIsNoOutage(status: Int) throws {
        let server = try LoopbackServer { _ in .text(status, "") }
        let error = #expect(throws: TransferError.self) { try purge("\(server.url)/x") }
        #expect(error?.code == (status < 408 ? .refused : .unreachable))
    }

    @Test func nobodyThereIsAnOutage() {
        let error = #expect(throws: TransferError.self) { try purge("http://127.0.0.1:1/x") }
        #expect(error?.code == .unreachable)
    }

    @Test func noPartOfASecretIsTold() throws {
        let server = try LoopbackServer { request in .text(500, request.target) }
        for host in ["127.0.0.1:1", String(server.url.dropFirst("http://".count))] {
            // Its query is cut from every message, so that the whole value is in none. One secret is the beginning of another.
            let whole = "http://\(host)/T0/part-one?and=part-two"
            let environment = ["HOOK_URL": whole, "SHORT": "part", "LONG": "part-one", "HOOK_KEY": "k"]
            for url in ["${HOOK_URL}", "http://\(host)/${SHORT}/${LONG}", "http://\(host)/${LONG}/${SHORT}"] {
                let words = message { try purge(url, environment: environment) }
                #expect(!words.isEmpty && !words.contains("part") && !words.contains("T0"), "\(words)")
            }
            let settings = NotifySettings(url: try TemplateText("${HOOK_URL}"), secretVariable: "HOOK_KEY")
            let words = message { try Notifier(settings, environment: environment).send([1], isHasty: true) }
            #expect(words.hasPrefix("POST ${HOOK_URL}: ") && !words.contains("part") && !words.contains("T0"))
        }
    }

    @Test func whoStopsWaitsForNoWebhook() throws {
        let server = try LoopbackServer { _ in .stall }
        let settings = NotifySettings(url: try TemplateText(server.url + "/hook"), secretVariable: "HOOK_KEY")
        do {
            try Notifier(settings, environment: Self.environment).send([1], isStopped: { !server.requests.isEmpty })
            Issue.record("nobody answered")
        } catch {
            #expect(error.code == .cancelled)
        }
        #expect(server.requests.count == 1)
        server.close()
    }

    @Test func whatCannotBeFilledInIsNotSent() throws {
        let server = try LoopbackServer { _ in .text(200, "") }
        #expect(message { try purge("\(server.url)/${HOST}") }.contains("no variable 'HOST'"))
        #expect(message { try purge("\(server.url)/x", body: "${NOBODY}") }.contains("no variable 'NOBODY'"))
        let split = ["TOKEN": "a\r\nX-Evil: 1"]
        #expect(message { try purge("\(server.url)/x", headers: [("A", "${TOKEN}")], environment: split) }.contains("line break"))
        #expect(server.requests.isEmpty)
    }
}

/// How often it was asked, from several threads.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
