import Engine
import Foundation
import MediaModel
import TestSupport
import Testing
import Transcoding

@testable import Pipeline

/// What a file is, found once, and kept by its content among all other results.
@Suite struct ProbesTests {
    private let folder: TemporaryFolder
    private let work: WorkFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        work = try WorkFolder(path: folder.file("work"))
        path = try Clip.make(folder.file("a.mp4"), video: "color=gray:size=32x24:rate=25:duration=0.4")
    }

    private func results() throws -> [String] { try folder.listing().filter { $0.hasPrefix("work/artefacts/") }.sorted() }

    @Test func aProbeIsAResultByContentNotByPath() throws {
        let probe = try Probes(work: work).probe(path)
        #expect(probe.source.video?.frames == 10)
        let kept = try results()
        #expect(kept.map { ($0 as NSString).lastPathComponent } == ["index", "record.json"])
        try FileManager.default.copyItem(atPath: path, toPath: folder.file("b.mp4"))
        #expect(try Probes(work: work).probe(folder.file("b.mp4")) == probe)
        #expect(try results() == kept)
    }

    @Test(arguments: ["index", "record.json"]) func oneThatADiskHasSpoiltIsMadeAgain(_ file: String) throws {
        let probe = try Probes(work: work).probe(path)
        let place = try #require(try results().first { $0.hasSuffix(file) })
        var bytes = try folder.bytes(of: place)
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, to: place)
        let probes = try Probes(work: work)
        let files = TitleFiles(source: InputFile(label: path, path: path), audio: [], subtitles: [], artwork: nil)
        #expect(try !probes.know(files) && probes.damagedCount == 1)
        #expect(try probes.probe(path) == probe)
        #expect(try probes.know(files) && Probes(work: work).know(files))
    }

    @Test func itIsKnownWhichWereOfUse() throws {
        let first = try Probes(work: work)
        _ = try first.probe(path)
        let second = try Probes(work: work)
        _ = try second.probe(path)
        #expect(first.usedKeys.isEmpty, "it has just been made")
        #expect(try second.usedKeys == work.artefacts.all().map(\.key))
    }
}
