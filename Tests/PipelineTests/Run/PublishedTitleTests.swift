import Cataloging
import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Pipeline

/// Titles that have nothing to be made: what a run looks after all the same.
@Suite(.serialized) struct PublishedTitleTests {
    private let batch: Batch

    init() throws { batch = try Batch() }

    @Test func aStoreThatWasMovedIsFoundThere() throws {
        try batch.film("film.mp4")
        try batch.manifest([("film", "film.mp4", "Film")])
        #expect(try batch.run().report.exitStatus == 0)
        let superseded = try #require(try batch.reader().currentVersion(of: "film"))
        try batch.preset("crf: 40")
        #expect(try batch.run().report.exitStatus == 0)
        try FileManager.default.moveItem(atPath: batch.folder.file("store"), toPath: batch.folder.file("shelf"))
        let manifest = try batch.manifest([("film", "film.mp4", "Film")], store: "shelf")
        let cdn = try LoopbackServer { _ in .text(204, "") }
        let text = String(decoding: try batch.folder.bytes(of: "manifest.yaml"), as: UTF8.self)
        try text.appending("purge: { url: '\(cdn.url)/purge', body: '{url}' }\n").write(toFile: manifest, atomically: true, encoding: .utf8)
        let (report, events) = try batch.run()
        #expect(report.exitStatus == 0 && report.titles(.published) == ["film"])
        let version = try #require(try batch.reader().currentVersion(of: "film"))
        let location = "file://\(batch.folder.file("shelf"))/film/\(version)"
        #expect(try batch.reader().location(of: "film", version: version) == location)
        // What can be gone back to has moved too.
        #expect(try batch.reader().location(of: "film", version: superseded) == "file://\(batch.folder.file("shelf"))/film/\(superseded)")
        #expect(events.contains { if case .moved("film", version, location) = $0 { true } else { false } })
        #expect(cdn.requests.map(\.text) == [location])
        #expect(try batch.run().report.titles(.unchanged) == ["film"])
        #expect(cdn.requests.count == 1)
    }

    @Test func aTitleThatWasRolledBackIsLookedAfter() throws {
        try batch.film("film.mp4")
        try batch.manifest([("film", "film.mp4", "Film")])
        #expect(try batch.run().report.exitStatus == 0)
        let first = try #require(try batch.reader().titles().first?.version)
        try batch.preset("crf: 40")
        #expect(try batch.run().report.exitStatus == 0)
        _ = try Rollback.run("film", to: nil, at: .manifest(batch.folder.file("manifest.yaml"), work: nil))
        try batch.manifest([("film", "film.mp4", "Better")])
        let (changed, events) = try batch.run()
        #expect(changed.exitStatus == 0 && changed.titles.first?.version == first)
        #expect(events.contains { if case .metadataUpdated("film") = $0 { true } else { false } })
        #expect(try batch.reader().titles().map(\.metadata.name) == ["Better"])
        #expect(try batch.reader().titles().map(\.version) == [first])
        let planned = try Plan.run(manifest: batch.folder.file("manifest.yaml"), work: nil, as: .table, program: Batch.program)
        #expect(planned.text.hasPrefix("film  \(first)  preset tiny  published\n"), "\(planned.text)")
        #expect(planned.text.contains("was taken back"))
        // What readers are sent to must be there.
        try FileManager.default.removeItem(atPath: batch.folder.file("store/film/\(first)/index.m3u8"))
        let broken = try batch.run().report
        #expect(broken.exitStatus == 1)
        #expect(broken.titles.first?.reason?.contains("is not whole in the store") == true, "\(broken.titles)")
    }
}
