import Cataloging
import Engine
import Foundation
import MediaModel
import Planning
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
        #expect(first.report.titles(.published) == ["good"])
        #expect(first.report.titles(.failed) == ["bad", "missing"])
        for failure in first.report.titles where failure.state == .failed {
            let reason = try #require(failure.reason)
            #expect(!reason.contains("\n") && reason.contains("masters/\(failure.title).mp4"))
        }
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
        #expect(second.report.titles(.unchanged) == ["good"] && second.report.titles(.published).isEmpty)
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
        #expect(report.exitStatus == 0 && report.titles(.published) == ["good"])
        #expect(try batch.folder.listing().filter { $0.hasPrefix("store/") } == files)
        #expect(try batch.folder.bytes(of: package) == bytes)
        #expect(try batch.stamps(".reelmill/artefacts") == artefacts)
        // The same for a catalog that is gone.
        try FileManager.default.removeItem(atPath: batch.folder.file("catalog.sqlite"))
        #expect(try batch.run().report.titles(.published) == ["good"])
        #expect(try batch.reader().titles().map(\.id) == ["good"])
        #expect(try batch.stamps(".reelmill/artefacts") == artefacts)
    }

    @Test func anUnreadableRecordIsMadeAnew() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let records = try batch.folder.listing().filter { $0.hasPrefix(".reelmill/artefacts/") && $0.hasSuffix("record.json") }
            // What was found of the source is no part of the title.
            .filter {
                !FileManager.default.fileExists(atPath: batch.folder.file($0.replacingOccurrences(of: "record.json", with: "index")))
            }
        #expect(!records.isEmpty)
        for record in records { try batch.folder.write("{}", to: record) }
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        let report = try batch.run().report
        #expect(report.exitStatus == 0, "\(report.titles)")
        #expect(report.titles(.published) == ["good"])
    }

    @Test func aNewRungEncodesItselfAlone() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let before = try batch.stamps(".reelmill/artefacts")
        let preset = String(decoding: try batch.folder.bytes(of: "presets/tiny.yaml"), as: UTF8.self)
        let rung = "    - { name: 136p, width: 240, height: 136, max_rate: 500k, buffer_size: 500k }\naudio:"
        try batch.folder.write(preset.replacingOccurrences(of: "audio:", with: rung), to: "presets/tiny.yaml")
        #expect(try batch.run().report.titles(.published) == ["good"])
        let after = try batch.stamps(".reelmill/artefacts")
        #expect(before.allSatisfy { after[$0.key] == $0.value })
        #expect(
            after.keys.filter { $0.hasSuffix("record.json") }.count == before.keys.filter { $0.hasSuffix("record.json") }.count + 2,
            "one chunk and the package")
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
        #expect(report.exitStatus == 0, "\(report.titles)")
        let title = try #require(try batch.reader().title("good"))
        #expect(title.version.renditions.map(\.bitRate) == [300_000, 300_000])
        // Found again, too: the second passes' keys follow from the first's figures.
        let artefacts = try batch.stamps(".reelmill/artefacts")
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        #expect(try batch.run().report.titles(.published) == ["good"])
        #expect(try batch.stamps(".reelmill/artefacts") == artefacts)
        // A finished package is enough, whatever became of the pieces.
        let measures = artefacts.keys.filter { $0.hasSuffix("/statistics") }
        #expect(!measures.isEmpty)
        for name in measures {
            try FileManager.default.removeItem(atPath: (batch.folder.file(name) as NSString).deletingLastPathComponent)
        }
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        let bare = try batch.run().report
        #expect(bare.exitStatus == 0 && bare.titles(.published) == ["good"], "\(bare.titles)")
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
            let planned = try Plan.run(manifest: batch.folder.file("manifest.yaml"), work: nil, as: .json, program: Batch.program)
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
        // The package says that all is done; without it, whatever else is there is a part.
        let records = try batch.folder.listing().filter { $0.hasPrefix(".reelmill/artefacts/") && $0.hasSuffix("record.json") }
            // What was found of the source is no part of the title.
            .filter {
                !FileManager.default.fileExists(atPath: batch.folder.file($0.replacingOccurrences(of: "record.json", with: "index")))
            }
        let isPackage = Dictionary(grouping: records) { record in
            FileManager.default.fileExists(atPath: batch.folder.file(record.replacingOccurrences(of: "record.json", with: "package")))
        }
        for record in [isPackage[true]?.first, isPackage[false]?.first] {
            try FileManager.default.removeItem(atPath: batch.folder.file(try #require(record)))
        }
        #expect(try state() == "partial")
    }

    // MARK: Workers

    @Test func aCrashedWorkerIsReplacedOnce() throws {
        try oneFilm()
        let (report, events) = try batch.run { $0.environment = Self.fault("crash-once:encode:good") }
        #expect(report.exitStatus == 0, "\(report.titles)")
        let retries = events.compactMap { if case .retried("good", let reason) = $0 { reason } else { nil } }
        #expect(retries.count == 1 && retries[0].contains("SIGABRT"), "\(retries)")
    }

    @Test(arguments: [
        ("crash", "encode", "crashed (SIGABRT)"), ("hang", "audio", "made no progress for 15 s"), ("allocate", "images", "of memory"),
        ("crash", "probe", "crashed (SIGABRT)"), ("hang", "probe", "made no progress for 15 s and was ended; it was tried once"),
        ("crash", "package", "crashed (SIGABRT)"),
    ])
    func aTaskThatMisbehavesFailsItsTitleAlone(_ fault: String, _ kind: String, _ words: String) throws {
        try batch.film("good.mp4")
        try batch.film("evil.mp4")
        try batch.manifest([("evil", "evil.mp4", "Evil"), ("good", "good.mp4", "Good")])
        let (report, _) = try batch.run {
            $0.environment = Self.fault("\(fault):\(kind):evil")
            // The good title has the same limits, on a machine that is busy with all other tests.
            if fault == "hang" { $0.taskTimeout = 15 }
            if fault == "allocate" { $0.taskMemory = 1 << 30 }
        }
        #expect(report.exitStatus == 1)
        #expect(report.titles(.published) == ["good"])
        #expect(report.titles.first?.reason?.contains(words) == true, "\(report.titles)")
        #expect(try batch.reader().titles().map(\.id) == ["good"])
        // What the first try left is no hindrance to the next run.
        #expect(try batch.run().report.titles(.published) == ["evil"])
    }

    /// The environment in which a run's workers, and nobody else's, misbehave.
    private static func fault(_ fault: String) -> [String: String] {
        RunOptions.thisEnvironment.merging(["REELMILL_TEST_FAULT": fault]) { $1 }
    }

    @Test func theDeadlineBeginsNothing() throws {
        try oneFilm()
        let (late, events) = try batch.run { $0.deadline = Date(timeIntervalSinceNow: -1) }
        #expect(late.exitStatus == 75)
        #expect(late.titles(.postponed) == ["good"])
        #expect(events.contains { if case .postponed("good") = $0 { true } else { false } })
        #expect(!FileManager.default.fileExists(atPath: batch.folder.file("store")))
        let inTime = try batch.run { $0.deadline = Date(timeIntervalSinceNow: 3600) }
        #expect(inTime.report.exitStatus == 0)
        // What is done is done, whatever the time.
        #expect(try batch.run { $0.deadline = Date(timeIntervalSinceNow: -1) }.report.exitStatus == 0)
    }

    @Test func theJournalTellsOfTheLastRun() throws {
        try batch.film("good.mp4")
        try batch.folder.write("no film", to: "masters/bad.mp4")
        try batch.manifest([("bad", "bad.mp4", "Bad"), ("good", "good.mp4", "Good")])
        #expect(throws: PipelineError.self) { try Status.read(work: batch.folder.file(".reelmill")) }
        _ = try batch.run()
        let status = try Status.read(work: batch.folder.file(".reelmill"))
        #expect(status.exitStatus == 1 && !status.isRunning && status.endedAt != nil)
        #expect(status.titles.map(\.title) == ["bad", "good"])
        #expect(status.titles.map(\.state) == ["failed", "published"])
        #expect(status.titles[0].reason?.contains("bad.mp4") == true)
        #expect(status.titles[1].share == 1 && status.titles[1].tasks == status.titles[1].tasksDone && status.titles[1].cpuSeconds > 0)
        #expect(status.titles[1].peakBytes > 10 << 20)
    }

    @Test func whatNothingUsesGoesAfterSomeDays() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let work = try WorkFolder(path: batch.folder.file(".reelmill"))
        let cleaner = WorkCleaner(work: work, usage: ResultUsage(try Journal(work: work.path)), days: 14)
        func clean(after days: Double) throws -> Int {
            try cleaner.clean(now: Date(timeIntervalSinceNow: days * 86_400)).results
        }
        #expect(try clean(after: 13) == 0)
        // Two rungs, audio, images, the package, which lie in the store too, and what is known of the source.
        #expect(try clean(after: 15) == 6)
        #expect(try clean(after: 1000) == 0)
        let before = try batch.stamps("store")
        #expect(try batch.run().report.titles(.unchanged) == ["good"])
        #expect(try batch.stamps("store") == before)
    }

    @Test func roomIsMadeOfWhatTheRunHasPublished() throws {
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let path = batch.folder.file(".reelmill")
        let work = try WorkFolder(path: path)
        let usage = ResultUsage(try Journal(work: path))
        let all = try WorkCleaner.bytes(of: path)
        // Packages go first: they are further names of what they are made of.
        let cleaner = WorkCleaner(work: work, usage: usage, days: 14, size: all - 1)
        #expect(try cleaner.shrink().results == 1)
        #expect(try !batch.folder.listing().contains { $0.hasPrefix(".reelmill/artefacts/") && $0.contains("/package/") })
        let rest = try WorkCleaner.bytes(of: path)
        #expect(try cleaner.shrink() == WorkCleaner.Removed())
        // What the store has too frees nothing; what is known of the source does.
        #expect(try cleaner.makeRoom(1 << 50).results == 1)
        #expect(try WorkCleaner(work: work, usage: usage, days: 14, size: rest / 2).shrink().results > 0)
        #expect(try WorkCleaner.bytes(of: path) <= rest / 2)
        #expect(try batch.run().report.titles(.unchanged) == ["good"])
    }

    /// `keep_work: 0` would begin a title anew each night that one night is too short for.
    @Test(arguments: ["crf: 30", "bit_rate: 300k"]) func whatThisRunHadNoTimeForKeepsItsPieces(control: String) throws {
        try batch.preset(control)
        try oneFilm()
        #expect(try batch.run().report.exitStatus == 0)
        let path = batch.folder.file(".reelmill")
        // As a run leaves a title that it could not publish: pieces, the plan, and nothing in the journal.
        for file in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"] where SystemCall.exists("\(path)/\(file)") {
            try FileManager.default.removeItem(atPath: "\(path)/\(file)")
        }
        let work = try WorkFolder(path: path)
        let document = try Documents.manifest(batch.folder.file("manifest.yaml"), proven: ProvenPresets(work: path))
        let request = try #require(document.manifest.titles.first)
        let plan = try Preparation(probes: try Probes(work: work)).planned(request).plan
        _ = try work.writePlan(PlanFile(plan: plan, inputs: InputLocations([:], FileLocations(work: work.path))))
        let cleaner = WorkCleaner(work: work, usage: ResultUsage(try Journal(work: path)), days: 0)
        func clean() throws -> Int {
            let minute = Date(timeIntervalSinceNow: 60)
            return try cleaner.clean(now: minute, isStopped: { false }).results
        }
        #expect(try clean() == 0)
        // The next run begins without plans.
        try work.takeLock()
        #expect(try clean() > 3)
    }
}

extension RunReport {
    func titles(_ state: TitleReport.State) -> [String] { titles.filter { $0.state == state }.map(\.title) }
}
