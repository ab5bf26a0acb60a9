import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Serving

@Suite struct MediaControllerTests {
    let served: ServedFolder

    init() throws { served = try ServedFolder() }

    private let base = "/media/night-train/\(sampleVersion)/"
    private var segment: String { base + "video/720p/00001.m4s" }

    @Test func fileComesWholeAndMayBeKeptForEver() async throws {
        let response = try await served.ask(segment)
        #expect(response.status == .ok)
        #expect(response.text == "0123456789")
        #expect(response.headers[.contentLength] == "10")
        #expect(response.headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(response.headers[.acceptRanges] == "bytes")
        #expect(response.headers[.eTag]?.hasPrefix("\"") == true)
        #expect(response.headers[.lastModified]?.hasSuffix(" GMT") == true)
    }

    @Test(arguments: [
        ("index.m3u8", "application/vnd.apple.mpegurl"), ("manifest.mpd", "application/dash+xml"), ("package.json", "application/json"),
        ("video/720p/init.mp4", "video/mp4"), ("video/720p/00001.m4s", "video/iso.segment"), ("audio/en/init.mp4", "audio/mp4"),
        ("text/fr/init.mp4", "application/mp4"), ("text/fr/00001.vtt", "text/vtt"), ("images/poster.jpg", "image/jpeg"),
        ("images/card-320.webp", "image/webp"), ("images/logo.png", "image/png"), ("odd", "application/octet-stream"),
    ])
    func fileHasTheTypeThatEveryStoreGivesIt(_ file: String, _ type: String) async throws {
        try served.write(file, "{}")
        let response = try await served.ask(base + file)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == type)
    }

    @Test(arguments: [
        ("bytes=0-3", "0123", "bytes 0-3/10"), ("bytes=4-", "456789", "bytes 4-9/10"), ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=8-99", "89", "bytes 8-9/10"), ("bytes=-99", "0123456789", "bytes 0-9/10"),
    ])
    func rangeIsAPart(_ range: String, _ text: String, _ contentRange: String) async throws {
        let response = try await served.ask(segment, headers: [.range: range])
        #expect(response.status == .partialContent)
        #expect(response.text == text)
        #expect(response.headers[.contentRange] == contentRange)
        #expect(response.headers[.contentLength] == String(text.utf8.count))
    }

    @Test func rangeBehindTheEndIsRefusedWithTheSize() async throws {
        let response = try await served.ask(segment, headers: [.range: "bytes=10-"])
        #expect(response.status == .rangeNotSatisfiable)
        #expect(response.headers[.contentRange] == "bytes */10")
    }

    @Test func rangeOfAnotherStateIsTheWholeFile() async throws {
        let first = try await served.ask(segment)
        let tag = try #require(first.headers[.eTag])
        let date = try #require(first.headers[.lastModified])
        for (condition, status) in [
            (tag, HTTPResponse.Status.partialContent), (date, .partialContent), ("\"other\"", .ok), ("W/" + tag, .ok),
        ] {
            let response = try await served.ask(segment, headers: [.range: "bytes=0-3", .ifRange: condition])
            #expect(response.status == status, "\(condition)")
        }
    }

    @Test func clientThatHasTheFileIsTold() async throws {
        let first = try await served.ask(segment)
        let tag = try #require(first.headers[.eTag])
        let date = try #require(first.headers[.lastModified])
        let known: [HTTPFields] = [
            [.ifNoneMatch: tag], [.ifNoneMatch: "\"x\", W/\(tag)"], [.ifNoneMatch: "*"], [.ifModifiedSince: date],
            [.ifModifiedSince: "Fri, 31 Dec 2100 00:00:00 GMT"],
        ]
        for headers in known {
            let response = try await served.ask(segment, headers: headers)
            #expect(response.status == .notModified, "\(headers)")
            #expect(response.headers[.eTag] == tag)
            #expect(response.body.readableBytes == 0)
        }
        let unknown: [HTTPFields] = [
            [.ifNoneMatch: "\"x\""], [.ifNoneMatch: "\"x\"", .ifModifiedSince: date], [.ifModifiedSince: "Mon, 01 Jan 2001 00:00:00 GMT"],
            [.ifModifiedSince: "yesterday"],
        ]
        for headers in unknown { #expect(try await served.ask(segment, headers: headers).status == .ok, "\(headers)") }
    }

    @Test(arguments: [
        "../../../catalog.sqlite", "..%2f..%2f..%2fcatalog.sqlite", "%2e%2e/%2e%2e/%2e%2e/catalog.sqlite",
        "video/../../../../catalog.sqlite",
        "index.m3u8%00", "%00", "..%5c..%5ccatalog.sqlite", "/index.m3u8", "video//720p/00001.m4s", ".hidden", "video/.part/00001.m4s",
        "index.m3u8~", "video/720p", "video/720p/", "", "%zz",
    ])
    func nothingButPublishedFilesCanBeReached(_ rest: String) async throws {
        try served.write(".hidden", "secret")
        try served.write("video/.part/00001.m4s", "secret")
        try served.write("index.m3u8~", "secret")
        for media in [nil, served.store] {
            let response = try await served.ask(base + rest, media: media)
            #expect(response.status == .notFound)
            #expect(!response.text.contains("secret") && !response.text.contains("SQLite"))
        }
    }

    @Test func linkOutOfTheVersionIsNotFollowed() async throws {
        let manager = FileManager.default
        try Data("secret".utf8).write(to: URL(fileURLWithPath: served.path + "/secret.vtt"))
        try manager.createSymbolicLink(atPath: served.version + "/leak.vtt", withDestinationPath: served.path + "/secret.vtt")
        try manager.createSymbolicLink(atPath: served.version + "/up", withDestinationPath: "../../..")
        try manager.createSymbolicLink(atPath: served.version + "/same.m3u8", withDestinationPath: "index.m3u8")
        for media in [nil, served.store] {
            #expect(try await served.ask(base + "leak.vtt", media: media).status == .notFound)
            #expect(try await served.ask(base + "up/secret.vtt", media: media).status == .notFound)
            #expect(try await served.ask(base + "same.m3u8", media: media).status == .ok)
        }
        try manager.createSymbolicLink(atPath: served.store + "/linked", withDestinationPath: served.path + "/outside")
        try manager.createDirectory(atPath: served.path + "/outside/\(sampleVersion)", withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: served.path + "/outside/\(sampleVersion)/package.json"))
        #expect(try await served.ask("/media/linked/\(sampleVersion)/package.json", media: served.store).status == .notFound)
    }

    @Test func unfinishedAndUnknownVersionsAreNotServed() async throws {
        #expect(try await served.ask("/media/night-train/fedcba9876543210/index.m3u8").status == .notFound)
        #expect(try await served.ask("/media/nobody/\(sampleVersion)/index.m3u8").status == .notFound)
        try FileManager.default.removeItem(atPath: served.version + "/package.json")
        #expect(try await served.ask(segment).status == .notFound)
        #expect(try await served.ask(segment, media: served.store).status == .notFound)
    }

    @Test func storeThatWasMovedIsFoundThroughTheOption() async throws {
        try FileManager.default.moveItem(atPath: served.store, toPath: served.path + "/moved store")
        #expect(try await served.ask(segment).status == .notFound)
        #expect(try await served.ask(segment, media: served.path + "/moved store").text == "0123456789")
    }
}
