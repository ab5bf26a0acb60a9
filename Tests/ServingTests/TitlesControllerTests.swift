import Cataloging
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import Serving

@Suite struct TitlesControllerTests {
    let served: ServedFolder

    init() throws { served = try ServedFolder() }

    private let base = "/media/night-train/\(sampleVersion)/"

    @Test func listStartsWithItsFormatAndHasThePosters() async throws {
        let response = try await served.ask("/api/v1/titles")
        #expect(response.text.hasPrefix("{\"format_version\":1,\"titles\":[{\"id\":\"night-train\","))
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.cacheControl] == "no-cache")
        let title = try #require((try response.json["titles"] as? [[String: Any]])?.first)
        #expect(title["name"] as? String == "Night \"Train\"")
        #expect(title["poster"] as? String == base + "images/poster.jpg")
        #expect(title["duration"] as? Double == 18.318)
        #expect(title["genres"] as? [String] == ["drama"])
        #expect((title["series"] as? [String: Any])?["season"] as? Int == 1)
        #expect(title["synopsis"] is NSNull)
    }

    @Test func titleHasAllThatAPlayerNeeds() async throws {
        let response = try await served.ask("/api/v1/titles/night-train")
        #expect(response.text.hasPrefix("{\"format_version\":1,\"id\":\"night-train\","))
        let title = try response.json
        #expect(title["version"] as? String == sampleVersion)
        #expect(title["duration_exact"] as? String == "9159/500")
        #expect(title["published_at"] as? String == "2023-11-14T22:13:20Z")
        #expect(title["hls"] as? String == base + "index.m3u8")
        #expect(title["dash"] as? String == base + "manifest.mpd")
        #expect(title["sprite_vtt"] as? String == base + "images/sprite.vtt")
        let card = try #require((title["cards"] as? [[String: Any]])?.first)
        #expect(card["width"] as? Int == 320 && card["height"] as? Int == 180)
        #expect(card["type"] as? String == "image/webp" && card["url"] as? String == base + "images/card-320.webp")
        let audio = try #require((title["audio"] as? [[String: Any]])?.first)
        #expect(audio["language"] as? String == "en" && audio["default"] as? Bool == true)
        #expect(audio["url"] as? String == base + "audio/en/media.m3u8")
        let text = try #require((title["text"] as? [[String: Any]])?.first)
        #expect(text["role"] as? String == "captions" && text["label"] as? String == "Français")
        let rendition = try #require((title["renditions"] as? [[String: Any]])?.first)
        #expect(rendition["frame_rate"] as? String == "30000/1001" && rendition["bit_rate"] is NSNull)
        #expect((title["people"] as? [[String: Any]])?.first?["role"] as? String == "director")
    }

    @Test func filesOfAnotherServerHaveAbsoluteURLs() async throws {
        try served.catalog.publish(sampleEntry("far", location: "https://cdn.example.org/titles/far/\(sampleVersion)"))
        let title = try await served.ask("/api/v1/titles/far").json
        #expect(title["hls"] as? String == "https://cdn.example.org/titles/far/\(sampleVersion)/index.m3u8")
        #expect(try await served.ask("/media/far/\(sampleVersion)/index.m3u8").status == .notFound)
    }

    @Test func unchangedAnswerIsNotSentAgain() async throws {
        let tag = try #require(try await served.ask("/api/v1/titles").headers[.eTag])
        let again = try await served.ask("/api/v1/titles", headers: [.ifNoneMatch: tag])
        #expect(again.status == .notModified)
        #expect(again.body.readableBytes == 0)
        try served.catalog.publish(sampleEntry("other", location: "file://\(served.store)/other/\(sampleVersion)"))
        #expect(try await served.ask("/api/v1/titles", headers: [.ifNoneMatch: tag]).status == .ok)
    }
}
