import Cataloging
import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Pipeline

/// A run that gets no further than its beginning, and what it leaves to read.
@Suite(.serialized) struct BeginningTests {
    private let batch: Batch

    init() throws {
        batch = try Batch()
        try batch.film("film.mp4")
        try batch.manifest([("film", "film.mp4", "Film")])
    }

    private var hasWorked: Bool {
        get throws { try batch.folder.listing().contains { $0.hasSuffix("record.json") || $0.hasPrefix(".reelmill/stamps/") } }
    }

    @Test func statusTellsOfTheNightThatCouldNotBegin() throws {
        #expect(try batch.run().report.exitStatus == 0)
        try batch.manifest([("film", "film.mp4", "Film")], catalog: "nowhere/catalog")
        #expect(throws: PipelineError.self) { try batch.run() }
        let status = try Status.read(work: batch.folder.file(".reelmill"))
        #expect(status.exitStatus == 69 && status.endedAt != nil)
        #expect(status.titles.map(\.state) == ["interrupted"])
        #expect(status.titles.first?.reason?.contains("nowhere") == true, "\(status.titles)")
    }

    /// A bucket at a server of our own.
    private func publish(to server: LoopbackServer) throws {
        let text = String(decoding: try batch.folder.bytes(of: "manifest.yaml"), as: UTF8.self)
        let bucket = "{ url: 's3://films/published', endpoint: '\(server.url)', region: eu }"
        try batch.folder.write(text.replacing("file:./store", with: bucket), to: "manifest.yaml")
    }

    private static let keys = RunOptions.thisEnvironment.merging(["AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"]) { $1 }

    @Test(arguments: [(403, "AccessDenied"), (404, "NoSuchBucket")])
    func aStoreThatSaysNoIsFoundOutBeforeAnyWork(status: Int, code: String) throws {
        let server = try LoopbackServer { _ in .text(status, "<Error><Code>\(code)</Code><Message>no</Message></Error>") }
        try publish(to: server)
        let run = #expect(throws: PipelineError.self) { try batch.run { $0.environment = Self.keys } }
        #expect(run?.code == .unreachable && run?.description.contains(code) == true, "\(String(describing: run))")
        let plan = #expect(throws: PipelineError.self) {
            try Plan.run(
                manifest: batch.folder.file("manifest.yaml"), work: nil, as: .table, program: Batch.program, environment: Self.keys)
        }
        #expect(plan?.code == .unreachable)
        // Asked with the keys, not turned away for want of any.
        #expect(!server.requests.isEmpty && server.requests.allSatisfy { $0.headers["authorization"]?.contains("nobody/") == true })
        #expect(try !hasWorked)
    }

    /// A store on a disk that is mounted read-only, or that a file stands in the place of.
    @Test func aFolderThatCannotBeWrittenToIsFoundOutBeforeAnyWork() throws {
        try batch.folder.write("no folder", to: "store")
        let report = try batch.run().report
        #expect(report.exitStatus == 69)
        let words = "write to the store: \(batch.folder.file("store")): Not a directory"
        #expect(report.titles[0].reason?.contains(words) == true, "\(report)")
        // The source was probed, and nothing made of it.
        #expect(try !batch.folder.listing().contains { $0.hasPrefix(".reelmill/artefacts/") && $0.hasSuffix(".mp4") })
    }

    /// The same for a catalog, which needs room for a journal beside it.
    @Test func aCatalogThatCannotBeWrittenIsFoundOutBeforeAnyWork() throws {
        _ = try Catalog(url: "sqlite:\(batch.folder.file("catalog.sqlite"))")
        try FileManager.default.createSymbolicLink(
            atPath: batch.folder.file("catalog.sqlite-journal"), withDestinationPath: "/nowhere/journal")
        let error = #expect(throws: PipelineError.self) { try batch.run() }
        #expect(error?.code == .unreachable && error?.description.contains("cannot be opened") == true, "\(String(describing: error))")
        #expect(try !batch.folder.listing().contains { $0.hasPrefix(".reelmill/artefacts/") })
    }

    @Test func aCatalogThatIsNoneIsFoundOutByAPlanToo() throws {
        try batch.folder.write("no database", to: "catalog.sqlite")
        let plan = #expect(throws: PipelineError.self) {
            try Plan.run(manifest: batch.folder.file("manifest.yaml"), work: nil, as: .table, program: Batch.program)
        }
        #expect(plan?.code == .unreachable)
    }

    @Test func aFinishedPackageNeedsNoBytesOfItsSource() throws {
        let film = try batch.folder.bytes(of: "masters/film.mp4")
        let server = try LoopbackServer { _ in .answer(200, headers: ["ETag": "\"one\""], body: film) }
        let text = String(decoding: try batch.folder.bytes(of: "manifest.yaml"), as: UTF8.self)
        try batch.folder.write(text.replacing("masters/film.mp4", with: "\(server.url)/film.mp4"), to: "manifest.yaml")
        #expect(try batch.run().report.titles(.published) == ["film"])
        let fetched = server.requests.count { $0.method == "GET" }
        for name in try batch.folder.listing() where name.hasPrefix(".reelmill/remote/") && !name.hasSuffix(".json") {
            try FileManager.default.removeItem(atPath: batch.folder.file(name))
        }
        try FileManager.default.removeItem(atPath: batch.folder.file("store"))
        let report = try batch.run().report
        #expect(report.titles(.published) == ["film"], "\(report.titles)")
        #expect(server.requests.count { $0.method == "GET" } == fetched)
    }
}
