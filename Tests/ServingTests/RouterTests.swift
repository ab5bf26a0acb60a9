import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Serving

@Suite struct RouterTests {
    let served: ServedFolder

    init() throws { served = try ServedFolder() }

    @Test(arguments: [HTTPRequest.Method.post, .put, .delete, .patch, .options])
    func otherMethodsAreNotAllowedAnywhere(_ method: HTTPRequest.Method) async throws {
        for uri in ["/", "/api/v1/titles", "/healthz", "/nowhere"] {
            let response = try await served.ask(uri, method)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == "GET, HEAD")
            #expect(response.headers[.contentType] == "application/problem+json")
        }
    }

    @Test(arguments: ["/", "/api/v1/titles", "/api/v1/titles/night-train", "/healthz", "/media/night-train/\(sampleVersion)/index.m3u8"])
    func headAnswersAsGetWithoutTheBody(_ uri: String) async throws {
        let get = try await served.ask(uri)
        let head = try await served.ask(uri, .head)
        #expect(get.status == .ok && head.status == .ok)
        #expect(head.body.readableBytes == 0)
        #expect(head.headers[.contentLength] == String(get.body.readableBytes))
        #expect(head.headers[.eTag] == get.headers[.eTag])
        #expect(head.headers[.contentType] == get.headers[.contentType])
    }

    @Test(arguments: ["/nowhere", "/api/v1/titles/nobody", "/api/v2/titles", "/media/night-train"])
    func whatIsNotThereIsAProblemDocument(_ uri: String) async throws {
        let response = try await served.ask(uri)
        #expect(response.status == .notFound)
        #expect(response.text.hasPrefix("{\"format_version\":1,"))
        #expect(try response.json["status"] as? Int == 404)
        #expect(try await served.ask(uri, .head).body.readableBytes == 0)
    }

    @Test func pagesOfOtherOriginsMayReadTheAPIAndTheMediaAlone() async throws {
        for uri in ["/api/v1/titles", "/api/v1/titles/nobody", "/media/night-train/\(sampleVersion)/index.m3u8", "/media/x"] {
            let response = try await served.ask(uri)
            #expect(response.headers[.accessControlAllowOrigin] == "*")
            #expect(response.headers[.accessControlExposeHeaders]?.contains("Content-Range") == true)
        }
        #expect(try await served.ask("/").headers[.accessControlAllowOrigin] == nil)
    }

    @Test func preflightIsAnswered() async throws {
        let asks: HTTPFields = [.origin: "https://example.org", .accessControlRequestMethod: "GET"]
        let response = try await served.ask("/api/v1/titles", .options, headers: asks)
        #expect(response.status == .noContent)
        #expect(response.headers[.accessControlAllowOrigin] == "*")
        #expect(response.headers[.accessControlAllowMethods] == "GET, HEAD")
        #expect(response.headers[.accessControlAllowHeaders]?.contains("Range") == true)
    }

    @Test func healthFailsWhileTheCatalogCannotBeRead() async throws {
        #expect(try await served.ask("/healthz").json["status"] as? String == "ok")
        let reader = try buildApplication(ServerOptions(catalog: "sqlite:\(served.path)/catalog.sqlite")) { _ in }
        try FileManager.default.removeItem(atPath: served.path + "/catalog.sqlite")
        let path = served.path
        try await RoutedClient.run(reader) { client in
            let response = try await client.execute(uri: "/healthz", method: .get) { $0 }
            #expect(response.status == .serviceUnavailable)
            #expect(!response.text.contains(path))
            let titles = try await client.execute(uri: "/api/v1/titles", method: .get) { $0 }
            #expect(titles.status == .serviceUnavailable)
        }
    }

    @Test func pageAllowsNoForeignScript() async throws {
        let page = try await served.ask("/")
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        let policy = try #require(page.headers[.contentSecurityPolicy])
        #expect(policy.contains("script-src 'self';"))
        #expect(page.headers[.xContentTypeOptions] == "nosniff")
        #expect(page.headers[.cacheControl] == "no-cache")
        #expect(!page.text.contains("http:") && !page.text.contains("https:"))
        #expect(try await served.ask("/page.css").headers[.contentType] == "text/css; charset=utf-8")
    }

    @Test func everyScriptThatThePageImportsIsServed() async throws {
        var wanted = ["/page.js"]
        var seen: Set<String> = []
        while let uri = wanted.popLast() {
            guard seen.insert(uri).inserted else { continue }
            let script = try await served.ask(uri)
            #expect(script.status == .ok, "\(uri)")
            #expect(script.headers[.contentType] == "text/javascript; charset=utf-8")
            wanted += script.text.matches(of: /from '\.(\/[a-z]+\.js)'/).map { String($0.1) }
            #expect(!script.text.contains("innerHTML") && !script.text.contains("eval("))
        }
        #expect(seen.count > 3)
    }
}
