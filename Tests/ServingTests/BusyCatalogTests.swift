import Cataloging
import Foundation
import HTTPTypes
import Hummingbird
import MediaModel
import NIOCore
import Testing

@testable import Serving

/// What the server answers while the catalog is away, locked, or being listed, and of titles that were taken off.
@Suite struct BusyCatalogTests {
    let served: ServedFolder

    init() throws { served = try ServedFolder() }

    private var file: String { served.path + "/catalog.sqlite" }
    private let media = "/media/night-train/\(sampleVersion)/index.m3u8"

    /// One server for all requests of `body`.
    private func withServer(_ media: String? = nil, _ body: @Sendable (RoutedClient) async throws -> Void) async throws {
        let application = try buildApplication(ServerOptions(catalog: "sqlite:\(file)", media: media)) { _ in }
        try await RoutedClient.run(application, body)
    }

    private func status(_ client: RoutedClient, _ uri: String) async throws -> Int {
        try await client.execute(uri: uri, method: .get) { $0.status.code }
    }

    @Test func aTitleThatWasTakenOffIsGoneWithinASecond() async throws {
        for root in [nil, served.store] {
            try await withServer(root) { client in
                #expect(try await status(client, media) == 200)
                #expect(try served.catalog.removeTitles(["night-train"]).map(\.kind) == [.changed])
                #expect(try await status(client, "/api/v1/titles/night-train") == 410)
                let list = try await client.execute(uri: "/api/v1/titles", method: .get) { $0 }
                #expect(list.text == "{\"format_version\":1,\"titles\":[]}")
                try await Task.sleep(for: .seconds(1))
                let gone = try await client.execute(uri: media, method: .get) { $0 }
                #expect(gone.status.code == 410 && gone.text.contains("taken off"))
                #expect(gone.headers[.cacheControl] == "no-cache")
                #expect(try await status(client, "/api/v1/titles/nobody") == 404)
                _ = try served.catalog.restoreTitles(["night-train"])
                #expect(try await status(client, "/api/v1/titles/night-train") == 200)
                try await Task.sleep(for: .seconds(1))
                #expect(try await status(client, media) == 200)
            }
        }
    }

    /// Neither its rows nor its files are needed to say so, nor that this server has seen it before.
    @Test func itIsGoneForAServerThatIsStartedLater() async throws {
        _ = try served.catalog.removeTitles(["night-train"])
        try await withServer { client in
            let gone = try await status(client, media)
            #expect(gone == 410)
        }
    }

    @Test func publishedMediaAreAnsweredWhileTheCatalogIsAway() async throws {
        _ = try served.catalog.publish(sampleEntry("off", location: "file://\(served.store)/off/\(sampleVersion)"))
        _ = try served.catalog.removeTitles(["off"])
        try await withServer { client in
            try FileManager.default.moveItem(atPath: file, toPath: file + ".away")
            // One that nobody asked for before is looked for where the newest version stands.
            #expect(try await status(client, media) == 200)
            #expect(try await status(client, "/media/nobody/\(sampleVersion)/index.m3u8") == 404)
            #expect(try await status(client, "/media/off/\(sampleVersion)/index.m3u8") == 410)
            #expect(try await status(client, "/api/v1/titles/night-train") == 503)
            #expect(try await status(client, "/healthz") == 503)
            try FileManager.default.moveItem(atPath: file + ".away", toPath: file)
            #expect(try await status(client, "/healthz") == 200)
        }
    }

    @Test func aLockThatSomebodyHoldsHoldsUpNeitherHealthNorMedia() async throws {
        try await withServer { client in
            let holder = try LockHolder(file)
            #expect(try await status(client, "/healthz") == 200)
            for _ in 0..<20 { #expect(try await status(client, media) == 200) }
            holder.release()
            #expect(try await status(client, "/api/v1/titles/night-train") == 200)
        }
    }

    @Test func aLongListIsSentAsItIsRead() async throws {
        for number in 0..<230 {
            let id = "title-\(number + 100)"
            try served.catalog.publish(sampleEntry(id, location: "file://\(served.store)/\(id)/\(sampleVersion)"))
        }
        try await withServer { client in
            let list = try await client.execute(uri: "/api/v1/titles", method: .get) { $0 }
            #expect(list.text.hasPrefix("{\"format_version\":1,\"titles\":[{\"id\":\"night-train\","))
            let titles = try #require(try list.json["titles"] as? [[String: Any]])
            #expect(titles.map { $0["id"] as? String } == ["night-train"] + (0..<230).map { "title-\($0 + 100)" })
            #expect(list.headers[.contentType] == "application/json")
            let tag = try #require(list.headers[.eTag])
            let again = try await client.execute(uri: "/api/v1/titles", method: .get, headers: [.ifNoneMatch: tag]) { $0 }
            #expect(again.status == .notModified && again.body.readableBytes == 0)
            let head = try await client.execute(uri: "/api/v1/titles", method: .head) { $0 }
            #expect(head.status == .ok && head.body.readableBytes == 0 && head.headers[.eTag] == tag)
            _ = try served.catalog.removeTitles(["title-100"])
            let changed = try await client.execute(uri: "/api/v1/titles", method: .get, headers: [.ifNoneMatch: tag]) { $0 }
            #expect(changed.status == .ok)
            #expect((try changed.json["titles"] as? [[String: Any]])?.count == 230)
        }
    }
}

/// Another program that holds the catalog's lock.
private final class LockHolder {
    private let process = Process()
    private let input = Pipe()

    init(_ file: String) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("BEGIN EXCLUSIVE")
            print("held", flush=True)
            sys.stdin.read()
            """, file,
        ]
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        _ = output.fileHandleForReading.availableData
    }

    func release() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    deinit { if process.isRunning { process.terminate() } }
}
