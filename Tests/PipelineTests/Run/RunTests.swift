import Cataloging
import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Pipeline

/// The main job, end to end, on sources of three seconds.
@Suite(.serialized) struct RunTests {
    private let batch: Batch

    init() throws { batch = try Batch() }

    private func oneFilm() throws {
        try batch.film("good.mp4")
        try batch.manifest([("good", "good.mp4", "Good")])
    }

    @Test func oneBrokenTitleStopsNoOther() throws {
        try batch.film("good.mp4")
        try batch.folder.write("this is no film", to: "masters/bad.mp4")
        try batch.manifest([("bad", "bad.mp4", "Bad"), ("good", "good.mp4", "Good"), ("missing", "missing.mp4", "Missing")])
        let first = try batch.run()
        #expect(first.report.exitStatus == 1)
        #expect(first.report.published == ["good"])
        #expect(first.report.failures.map(\.title).sorted() == ["bad", "missing"])
        #expect(first.report.failures.allSatisfy { !$0.reason.contains("\n") && $0.reason.contains("masters/\($0.title).mp4") })
        let titles = try batch.reader().titles()
        #expect(titles.map(\.id) == ["good"])
        let version = try #require(titles.first?.version)
        let files = try batch.folder.listing().filter { $0.hasPrefix("store/") }
        #expect(files.filter { !$0.hasPrefix("store/good/\(version)/") } == ["store/good/.lock"])
        for name in ["index.m3u8", "manifest.mpd", "package.json", "video/180p/init.mp4", "video/90p/media.m3u8"] {
            #expect(files.contains("store/good/\(version)/\(name)"))
        }
        let playlist = batch.folder.file("store/good/\(version)/video/180p/media.m3u8")
        #expect(try Judge.complaints(playlist) == "")
        #expect(try Judge.frames(playlist) == 75)

        // Once more: nothing is touched.
        let before = try batch.stamps("store").merging(batch.stamps(".reelmill/artefacts")) { $1 }
        let second = try batch.run()
        #expect(second.report.exitStatus == 1)
        #expect(second.report.unchanged == ["good"] && second.report.published.isEmpty)
        #expect(try batch.stamps("store").merging(batch.stamps(".reelmill/artefacts")) { $1 } == before)
    }

    @Test func changedMetadataIsOneCatalogTransaction() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let version = try #require(try batch.reader().titles().first?.version)
        let before = try batch.stamps("store")
        try batch.manifest([("good", "good.mp4", "Better")])
        let (report, events) = try batch.run()
        #expect(report.exitStatus == 0)
        #expect(events.contains { if case .metadataUpdated("good") = $0 { true } else { false } })
        let title = try #require(try batch.reader().titles().first)
        #expect(title.metadata.name == "Better")
        #expect(title.version == version)
        #expect(try batch.stamps("store") == before)
    }

    @Test func aDeletedStoreIsPublishedAgainWithoutEncoding() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let files = try batch.folder.listing().filter { $0.hasPrefix("store/") }
        let package = try #require(files.first { $0.hasSuffix("package.json") })
        let bytes = try batch.folder.bytes(of: package)
        let artefacts = try batch.stamps(".reelmill/artefacts")
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        let (report, _) = try batch.run()
        #expect(report.exitStatus == 0 && report.published == ["good"])
        #expect(try batch.folder.listing().filter { $0.hasPrefix("store/") } == files)
        #expect(try batch.folder.bytes(of: package) == bytes)
        #expect(try batch.stamps(".reelmill/artefacts") == artefacts)
        // The same for a catalog that is gone.
        try FileManager.default.removeItem(atPath: batch.folder.file("catalog.sqlite"))
        #expect(try batch.run().report.published == ["good"])
        #expect(try batch.reader().titles().map(\.id) == ["good"])
        #expect(try batch.stamps(".reelmill/artefacts") == artefacts)
    }

    @Test func anUnreadableRecordIsMadeAnew() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let records = try batch.folder.listing().filter { $0.hasPrefix(".reelmill/artefacts/") && $0.hasSuffix("record.json") }
        #expect(!records.isEmpty)
        for record in records { try batch.folder.write("{}", to: record) }
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        let report = try batch.run().report
        #expect(report.exitStatus == 0, "\(report.failures)")
        #expect(report.published == ["good"])
    }

    @Test func aNewRungEncodesItselfAlone() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let before = try batch.stamps(".reelmill/artefacts")
        let preset = String(decoding: try batch.folder.bytes(of: "presets/tiny.yaml"), as: UTF8.self)
        let rung = "    - { name: 136p, width: 240, height: 136, max_rate: 500k, buffer_size: 500k }\naudio:"
        try batch.folder.write(preset.replacingOccurrences(of: "audio:", with: rung), to: "presets/tiny.yaml")
        #expect(try batch.run().report.published == ["good"])
        let after = try batch.stamps(".reelmill/artefacts")
        #expect(before.allSatisfy { after[$0.key] == $0.value })
        #expect(after.keys.filter { $0.hasSuffix("record.json") }.count == before.keys.filter { $0.hasSuffix("record.json") }.count + 1)
        #expect(try batch.reader().title("good")?.version.renditions.map(\.name) == ["180p", "136p", "90p"])
    }

    @Test func howManyWorkersThereAreChangesNoByte() throws {
        try batch.film("good.mp4")
        var packages: [[String: [UInt8]]] = []
        for workers in [1, 3] {
            try batch.manifest([("good", "good.mp4", "Good")], store: "store-\(workers)", catalog: "catalog-\(workers)")
            #expect(try batch.run(workers: workers, work: "work-\(workers)").report.exitStatus == 0)
            let files = try batch.folder.listing().filter { $0.hasPrefix("store-\(workers)/") }
            packages.append(
                Dictionary(
                    uniqueKeysWithValues: try files.map { (String($0.dropFirst("store-\(workers)".count)), try batch.folder.bytes(of: $0)) }
                ))
        }
        #expect(packages[0].keys.sorted() == packages[1].keys.sorted())
        for (name, bytes) in packages[0] { #expect(packages[1][name] == bytes, "\(name)") }
    }

    @Test func twoPasses() throws {
        try oneFilm()
        try batch.preset("bit_rate: 300k")
        let (report, _) = try batch.run()
        #expect(report.exitStatus == 0, "\(report.failures)")
        let title = try #require(try batch.reader().title("good"))
        #expect(title.version.renditions.map(\.bitRate) == [300_000, 300_000])
        // Found again, too: the second passes' keys follow from the first's figures.
        let artefacts = try batch.stamps(".reelmill/artefacts")
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        #expect(try batch.run().report.published == ["good"])
        #expect(try batch.stamps(".reelmill/artefacts") == artefacts)
    }

    @Test func twoRunsNeverCollide() throws {
        try oneFilm()
        let other = try WorkFolder(path: batch.folder.file(".reelmill"))
        try other.takeLock()
        let error = #expect(throws: PipelineError.self) { try batch.run() }
        #expect(error?.code.exitStatus == 75)
        #expect(!FileManager.default.fileExists(atPath: batch.folder.file("store")))
        #expect(!FileManager.default.fileExists(atPath: batch.folder.file("catalog.sqlite")))
    }

    @Test func oneTitleAlone() throws {
        try batch.film("good.mp4")
        try batch.manifest([("good", "good.mp4", "Good"), ("other", "missing.mp4", "Other")])
        #expect(try batch.run(only: "good").report.exitStatus == 0)
        let error = #expect(throws: PipelineError.self) { try batch.run(only: "goood") }
        #expect(error?.description.contains("goood") == true)
    }

    @Test func aWrongManifestStopsBeforeAnyWork() throws {
        try batch.manifest([("Good Film", "good.mp4", "Good")])
        let before = try batch.folder.listing()
        let error = #expect(throws: DocumentErrors.self) { try batch.run() }
        #expect(error?.diagnostics.isEmpty == false)
        #expect(try batch.folder.listing() == before)
    }

    @Test func planTellsHowFarATitleIs() throws {
        try oneFilm()
        func state() throws -> String? {
            let planned = try Plan.run(manifest: batch.folder.file("manifest.yaml"), work: nil, as: .json)
            #expect(planned.isWhole)
            let document = try #require(try JSONSerialization.jsonObject(with: Data(planned.text.utf8)) as? [String: Any])
            return (document["titles"] as? [[String: Any]])?.first?["state"] as? String
        }
        #expect(try state() == "new")
        #expect(!FileManager.default.fileExists(atPath: batch.folder.file("store")))
        #expect(!FileManager.default.fileExists(atPath: batch.folder.file("catalog.sqlite")))
        #expect(try batch.run().report.exitStatus == 0)
        #expect(try state() == "published")
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        #expect(try state() == "done")
        let record = try #require(try batch.folder.listing().first { $0.hasPrefix(".reelmill/artefacts/") && $0.hasSuffix("record.json") })
        try FileManager.default.removeItem(atPath: batch.folder.file(record))
        #expect(try state() == "partial")
    }
}
