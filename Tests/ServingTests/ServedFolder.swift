import Cataloging
import Foundation
import HTTPTypes
import Hummingbird
import MediaModel
import NIOCore

@testable import Serving

let sampleVersion = "0123456789abcdef"

/// A catalog and a store with one title, in a folder that goes when the test is over, and the server over them, without a socket.
final class ServedFolder: Sendable {
    let path: String
    let catalog: Catalog

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reelmill-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.resolvingSymlinksInPath().path
        catalog = try Catalog(url: "sqlite:\(path)/catalog.sqlite")
        try write("package.json", "{}")
        try write("index.m3u8", "#EXTM3U\n")
        try write("video/720p/00001.m4s", "0123456789")
        try catalog.publish(sampleEntry(location: "file://\(version)"))
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }

    var store: String { path + "/store" }
    var version: String { "\(store)/night-train/\(sampleVersion)" }

    /// Puts a file into the version's folder.
    func write(_ name: String, _ text: String) throws {
        let url = URL(fileURLWithPath: version + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// What the server answers.
    func ask(
        _ uri: String, _ method: HTTPRequest.Method = .get, headers: HTTPFields = [:], media: String? = nil
    ) async throws -> RoutedAnswer {
        let application = try buildApplication(ServerOptions(catalog: "sqlite:\(path)/catalog.sqlite", media: media)) { _ in }
        return try await RoutedClient.run(application) { client in
            try await client.execute(uri: uri, method: method, headers: headers) { $0 }
        }
    }
}

func sampleEntry(_ id: String = "night-train", location: String) -> CatalogEntry {
    let package = AssetPackage(
        id: id, version: sampleVersion, duration: Rational(18318, 1000), source: PackageSource(sha256: "aa", bytes: 1), video: nil,
        renditions: [
            VideoRendition(
                name: "720p", codec: .h264, codecs: "avc1.64001f", width: 1280, height: 720, frameRate: Rational(30000, 1001), frames: 549,
                bitRate: nil, maxRate: 3_000_000, bandwidth: 2_800_000, averageBandwidth: 1_900_000, path: "video/720p", timescale: 30000,
                segments: [])
        ],
        audio: [
            AudioRendition(
                name: "en", codec: .aac, codecs: "mp4a.40.2", language: "en", label: "English", role: .main, isDefault: true, channels: 2,
                sampleRate: 48000, bitRate: 128_000, bandwidth: 131_000, averageBandwidth: 127_000, path: "audio/en", timescale: 48000,
                segments: [])
        ],
        text: [
            TextRendition(name: "fr", language: "fr", label: "Français", role: .captions, path: "text/fr", timescale: 30000, segments: [])
        ],
        images: [
            PackageImage(kind: .poster, path: "images/poster.webp", width: 1280, height: 720),
            PackageImage(kind: .poster, path: "images/poster.jpg", width: 1280, height: 720),
            PackageImage(kind: .card, path: "images/card-320.webp", width: 320, height: 180),
            PackageImage(kind: .spriteMap, path: "images/sprite.vtt", width: 0, height: 0),
        ],
        provenance: Provenance(reelmill: "0.1.0", preset: "h264-fast", libraries: []), warnings: [], files: [])
    let metadata = TitleMetadata(
        name: "Night \"Train\"", kind: .episode, year: 2024, genres: ["drama"], people: [Person(name: "A. Example", role: "director")],
        series: SeriesMembership(id: "night", name: "Night", season: 1, episode: 2))
    return CatalogEntry(
        metadata: metadata, package: package, location: location, publishedAt: 1_700_000_000, cpuSeconds: 1, previousVersion: nil)
}

extension RoutedAnswer {
    var text: String { String(buffer: body) }

    /// The body as a JSON object.
    var json: [String: Any] {
        get throws { try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:] }
    }
}
