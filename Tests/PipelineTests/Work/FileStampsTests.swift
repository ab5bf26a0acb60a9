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
@Suite struct FileStampsTests {
    private let folder: TemporaryFolder
    private let stamps: FileStamps

    init() throws {
        folder = try TemporaryFolder()
        stamps = try FileStamps(work: folder.file("work"))
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
        let first = try stamps.fingerprint(path)
        #expect(first.bytes == 5)
        // Other bytes under the same size, time and inode: nobody looks.
        _ = try write("other", time: 1_000_000)
        #expect(try stamps.fingerprint(path).sha256 == first.sha256)
    }

    @Test(.timeLimit(.minutes(1))) func aPipeOrADeviceIsRefusedAtOnce() throws {
        let film = try write("first", time: 1_000_000)
        let pipe = folder.file("pipe")
        try Program.demand("mkfifo", [pipe])
        for path in [pipe, "/dev/zero"] {
            let error = #expect(throws: TranscodingError.self) { try stamps.fingerprint(path) }
            #expect(error?.code == .unreadable && error?.description.hasPrefix("cannot read '\(path)': it is a ") == true)
            let probes = Probes(work: try WorkFolder(path: folder.file("work")), stamps: stamps)
            #expect(throws: TranscodingError.self) { try probes.probe(path) }
            #expect(throws: TranscodingError.self) { try probes.artworkSize(path) }
            #expect(throws: TranscodingError.self) {
                try probes.know(
                    TitleFiles(
                        source: InputFile(label: path, path: path), audio: [],
                        subtitles: [SubtitleFile(file: InputFile(label: film, path: film), language: "en", isNamedWebVTT: false)],
                        artwork: nil))
            }
        }
    }

    @Test func anotherTimeOrSizeIsReadAgain() throws {
        let path = try write("first", time: 1_000_000)
        let first = try stamps.fingerprint(path)
        _ = try write("other", time: 1_000_001)
        let second = try stamps.fingerprint(path)
        #expect(second.sha256 != first.sha256)
        _ = try write("longer", time: 1_000_001)
        let third = try stamps.fingerprint(path)
        #expect(third.sha256 != second.sha256 && third.bytes == 6)
    }

    @Test func anotherFileUnderTheSameNameIsReadAgain() throws {
        let path = try write("first", time: 1_000_000)
        let first = try stamps.fingerprint(path)
        let other = try folder.write("other", to: "other.mov")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: other)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: other, toPath: path)
        #expect(try stamps.fingerprint(path).sha256 != first.sha256)
    }

    @Test func aFileIsUnchangedBySizeAndTimeAndByContentUnderAnotherInode() throws {
        let path = try write("first", time: 1_000_000)
        let stamp = try stamps.content(path)
        #expect(stamps.isUnchanged(stamp))
        func replace(_ text: String) throws {
            try FileManager.default.moveItem(atPath: path, toPath: folder.file("old-\(UUID().uuidString)"))
            _ = try write(text, time: 1_000_000)
        }
        try replace("first")
        #expect(stamps.isUnchanged(stamp))
        try replace("other")
        #expect(!stamps.isUnchanged(stamp))
        _ = try write("first", time: 1_000_001)
        #expect(!stamps.isUnchanged(stamp))
        try FileManager.default.removeItem(atPath: path)
        #expect(!stamps.isUnchanged(stamp))
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: (any Error).self) { try stamps.fingerprint(folder.file("missing.mov")) }
        #expect("\(String(describing: error))".contains("missing.mov"))
    }

    @Test func whoIsInAHurryDoesNotHangWithAMountThatIsGone() throws {
        let asked = Mutex<[String]>([])
        let isBack = DispatchSemaphore(value: 0)
        defer { isBack.signal() }
        let stamps = try FileStamps(work: folder.file("work"), patience: 10) { path in
            asked.withLock { $0.append((path as NSString).lastPathComponent) }
            if path.contains("/gone/") { isBack.wait() }
            return FileStamps.look(path)
        }
        for name in ["gone/one.mov", "gone/two.mov"] {
            let error = #expect(throws: TranscodingError.self) { try stamps.fingerprint(folder.file(name)) }
            #expect(error?.description.contains("has not answered") == true && error?.description.contains(name) == true)
            #expect(stamps.size(folder.file(name)) == nil)
        }
        #expect(try stamps.fingerprint(try write("here", time: 1_000_000)).bytes == 4)
        #expect(asked.withLock { $0 } == ["one.mov", "film.mov"], "its folder is not asked again")
    }
}
