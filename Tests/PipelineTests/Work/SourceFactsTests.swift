import Dispatch
import Engine
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing
import Transcoding

@testable import Pipeline

/// Files are read once, and again when they changed.
@Suite struct SourceFactsTests {
    private let folder: TemporaryFolder
    private let facts: SourceFacts

    init() throws {
        folder = try TemporaryFolder()
        facts = try SourceFacts(work: try WorkFolder(path: folder.file("work")))
    }

    /// Writes in place and sets the time of the last change, in seconds.
    private func write(_ text: String, time: Double) throws -> String {
        let path = folder.file("film.mov")
        if !FileManager.default.fileExists(atPath: path) { try folder.write("", to: "film.mov") }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: time)], ofItemAtPath: path)
        return path
    }

    @Test func anUnchangedFileIsNotReadAgain() throws {
        let path = try write("first", time: 1_000_000)
        let first = try facts.fingerprint(path)
        #expect(first.bytes == 5)
        // Other bytes under the same size, time and inode: nobody looks.
        _ = try write("other", time: 1_000_000)
        #expect(try facts.fingerprint(path).sha256 == first.sha256)
    }

    @Test(.timeLimit(.minutes(1))) func aPipeOrADeviceIsRefusedAtOnce() throws {
        let film = try write("first", time: 1_000_000)
        let pipe = folder.file("pipe")
        try Program.demand("mkfifo", [pipe])
        for path in [pipe, "/dev/zero"] {
            let error = #expect(throws: TranscodingError.self) { try facts.fingerprint(path) }
            #expect(error?.code == .unreadable && error?.description.hasPrefix("cannot read '\(path)': it is a ") == true)
            #expect(throws: TranscodingError.self) { try facts.findings(path) }
            #expect(throws: TranscodingError.self) { try facts.pictureSize(path) }
            #expect(throws: TranscodingError.self) {
                try facts.know(
                    TitleFiles(
                        source: InputFile(label: path, path: path), audio: [],
                        subtitles: [SubtitleFile(file: InputFile(label: film, path: film), language: "en", isNamedWebVTT: false)],
                        artwork: nil))
            }
        }
    }

    @Test func anotherTimeOrSizeIsReadAgain() throws {
        let path = try write("first", time: 1_000_000)
        let first = try facts.fingerprint(path)
        _ = try write("other", time: 1_000_001)
        let second = try facts.fingerprint(path)
        #expect(second.sha256 != first.sha256)
        _ = try write("longer", time: 1_000_001)
        let third = try facts.fingerprint(path)
        #expect(third.sha256 != second.sha256 && third.bytes == 6)
    }

    @Test func anotherFileUnderTheSameNameIsReadAgain() throws {
        let path = try write("first", time: 1_000_000)
        let first = try facts.fingerprint(path)
        let other = try folder.write("other", to: "other.mov")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: other)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: other, toPath: path)
        #expect(try facts.fingerprint(path).sha256 != first.sha256)
    }

    @Test func aFileIsUnchangedBySizeAndTimeAndByContentUnderAnotherInode() throws {
        let path = try write("first", time: 1_000_000)
        let stamp = try facts.content(path)
        #expect(facts.isUnchanged(stamp))
        func replace(_ text: String) throws {
            try FileManager.default.moveItem(atPath: path, toPath: folder.file("old-\(UUID().uuidString)"))
            _ = try write(text, time: 1_000_000)
        }
        try replace("first")
        #expect(facts.isUnchanged(stamp))
        try replace("other")
        #expect(!facts.isUnchanged(stamp))
        _ = try write("first", time: 1_000_001)
        #expect(!facts.isUnchanged(stamp))
        try FileManager.default.removeItem(atPath: path)
        #expect(!facts.isUnchanged(stamp))
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: (any Error).self) { try facts.fingerprint(folder.file("missing.mov")) }
        #expect("\(String(describing: error))".contains("missing.mov"))
    }

    @Test func whoIsInAHurryDoesNotHangWithAMountThatIsGone() throws {
        let asked = Mutex<[String]>([])
        let isBack = DispatchSemaphore(value: 0)
        defer { isBack.signal() }
        let facts = try SourceFacts(work: try WorkFolder(path: folder.file("work")), patience: 10) { path in
            asked.withLock { $0.append((path as NSString).lastPathComponent) }
            if path.contains("/gone/") { isBack.wait() }
            return SourceFacts.look(path)
        }
        for name in ["gone/one.mov", "gone/two.mov"] {
            let error = #expect(throws: TranscodingError.self) { try facts.fingerprint(folder.file(name)) }
            #expect(error?.description.contains("has not answered") == true && error?.description.contains(name) == true)
            #expect(facts.size(folder.file(name)) == nil)
        }
        #expect(try facts.fingerprint(try write("here", time: 1_000_000)).bytes == 4)
        #expect(asked.withLock { $0 } == ["one.mov", "film.mov"], "its folder is not asked again")
    }

    @Test func findingsAreKeptByContentNotByPath() throws {
        let path = try Clip.make(folder.file("a.mp4"), video: "color=gray:size=32x24:rate=25:duration=0.4")
        let findings = try facts.findings(path)
        #expect(findings.source.video?.frames == 10)
        let kept = try folder.listing().filter { $0.hasPrefix("work/facts/") && !$0.contains("path-") }
        #expect(kept.count == 2, "facts and index")
        try FileManager.default.copyItem(atPath: path, toPath: folder.file("b.mp4"))
        #expect(try facts.findings(folder.file("b.mp4")) == findings)
        #expect(try folder.listing().filter { $0.hasPrefix("work/facts/") && !$0.contains("path-") } == kept)
        // Kept findings that cannot be read are found anew.
        try folder.write("{", to: kept[0])
        #expect(try facts.findings(path) == findings)
    }
}
