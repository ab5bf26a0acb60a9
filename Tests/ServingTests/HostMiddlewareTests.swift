import HTTPTypes
import Hummingbird
import Testing

@testable import Serving

@Suite struct HostMiddlewareTests {
    @Test(arguments: ["localhost", "127.0.0.1:8080", "films.example.org", "films.example.org:", "[::1]:8080", "[::1]", "a_b%20"])
    func hosts(_ text: String) {
        #expect(HostMiddleware<BasicRequestContext>.isHost(text))
    }

    @Test(arguments: ["", ":80", "a b", "a/b", "user@host", "host:80a", "[::1", "[]", "[::1]80", "a:1:2", "é.example"])
    func noHosts(_ text: String) {
        #expect(!HostMiddleware<BasicRequestContext>.isHost(text))
    }

    @Test func severalHostsAreRefused() async throws {
        let served = try ServedFolder()
        let name = try #require(HTTPField.Name("Host"))
        let response = try await served.ask("/healthz", headers: [name: "other.example"])
        #expect(response.status == .badRequest)
        #expect(try response.json["status"] as? Int == 400)
    }
}
