import Cataloging
import Foundation
import MediaModel

/// A folder of its own for one test, gone when the test is over.
final class Scratch {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("reelmill-catalog-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/catalog.sqlite" }
    var url: String { "sqlite:" + file }
}

/// Leaves a catalog as it was before the steps after the fifth.
let undoStepsAfterTheFifth = """
    ALTER TABLE versions DROP COLUMN asked; ALTER TABLE versions DROP COLUMN asked_files;
    ALTER TABLE versions DROP COLUMN preset_sha256; ALTER TABLE versions DROP COLUMN engine;
    ALTER TABLE withdrawn DROP COLUMN asked; DROP TABLE owners;
    DROP TABLE removed_titles; DROP TABLE remote_files;
    DELETE FROM schema_version WHERE version > 5;
    """

let nightTrain = TitleMetadata(
    name: "Night Train", kind: .episode, year: 2024, synopsis: "One paragraph.", genres: ["drama", "thriller"],
    people: [
        Person(name: "A. Example", role: "director"), Person(name: "A. Example", role: "writer"), Person(name: "B. Other", role: "cast"),
    ],
    maturity: 12, language: "en", series: SeriesMembership(id: "night", name: "Night", season: 1, episode: 2))

let secondVersion = "fedcba9876543210"

/// An entry with a row in every table.
func sampleEntry(
    _ id: String = "night-train", version: String = "0123456789abcdef", previous: String? = nil, metadata: TitleMetadata = nightTrain
) -> CatalogEntry {
    let rendition = VideoRendition(
        name: "720p", codec: .h264, codecs: "avc1.64001f", width: 1280, height: 720, frameRate: Rational(30000, 1001), frames: 549,
        bitRate: nil, maxRate: 3_000_000, bandwidth: 2_800_000, averageBandwidth: 1_900_000, path: "video/720p", timescale: 30000,
        segments: [])
    let audio = AudioRendition(
        name: "en-stereo", codec: .aac, codecs: "mp4a.40.2", language: "en", label: "English", role: .main, isDefault: true, channels: 2,
        sampleRate: 48000, bitRate: 128_000, bandwidth: 131_000, averageBandwidth: 127_000, path: "audio/en-stereo", timescale: 48000,
        segments: [])
    let text = TextRendition(
        name: "fr", language: "fr", label: "Français", role: .captions, path: "text/fr", timescale: 30000, segments: [])
    let package = AssetPackage(
        id: id, version: version, duration: Rational(549 * 1001, 30000), source: PackageSource(sha256: "aa", bytes: 5_000_000_000),
        video: nil, renditions: [rendition], audio: [audio], text: [text],
        images: [
            PackageImage(kind: .poster, path: "images/poster.jpg", width: 1280, height: 720),
            PackageImage(kind: .spriteMap, path: "images/sprite.vtt", width: 0, height: 0),
        ],
        provenance: Provenance(
            reelmill: "0.1.0", preset: "h264-fast", libraries: [LibraryIdentity(name: "libavcodec", version: "59.37.100", buildID: "beef")]),
        warnings: [], files: [])
    return CatalogEntry(
        metadata: metadata, package: package, location: "file:///store/\(id)/\(version)", publishedAt: 1_700_000_000, cpuSeconds: 12.5,
        previousVersion: previous)
}

/// Runs `body` and gives back the catalog's error, so that its code and its line can be looked at.
func catalogError(_ body: () throws -> Void) -> CatalogError? {
    do {
        try body()
        return nil
    } catch {
        return error as? CatalogError
    }
}
