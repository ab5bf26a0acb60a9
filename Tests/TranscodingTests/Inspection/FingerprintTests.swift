import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

@Suite struct FingerprintTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func itIsTheFilesSHA256() throws {
        let path = try folder.write("abc", to: "abc")
        let found = try Fingerprint.ofFile(at: path)
        #expect(found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(found.bytes == 3)
        #expect(Fingerprint.of(Array("abc".utf8)) == found.sha256)
        #expect(throws: TranscodingError.self) { _ = try Fingerprint.ofFile(at: folder.file("missing")) }
        #expect(throws: TranscodingError.self) { _ = try Fingerprint.ofFile(at: folder.path) }
    }

    @Test(.timeLimit(.minutes(1))) func aPipeOrADeviceIsRefusedAtOnce() throws {
        let pipe = folder.file("pipe.mp4")
        try Program.demand("mkfifo", [pipe])
        try FileManager.default.createSymbolicLink(atPath: folder.file("link.mp4"), withDestinationPath: pipe)
        for (path, word) in [(pipe, "a pipe"), (folder.file("link.mp4"), "a pipe"), ("/dev/zero", "a device"), (folder.path, "a folder")] {
            for read in [
                { _ = try Fingerprint.ofFile(at: path) }, { _ = try SourceInspector.inspect(path: path) },
                { _ = try SourceInspector.inspect(path: path, fingerprint: ("", 1)) }, { _ = try PictureFile.size(of: path) },
            ] as [() throws -> Void] {
                let error = #expect(throws: TranscodingError.self) { try read() }
                #expect(error?.code == .unreadable && error?.description.contains("'\(path)': it is \(word)") == true)
            }
        }
    }

    /// Pieces of a file, as somebody reads them in an order of his own.
    @Test(
        arguments: [
            [], [0..<100], [0..<100, 100..<5000, 5000..<10_000], [0..<100, 50..<60, 50..<150], [9_000..<10_000, 0..<9_000],
            [200..<300, 100..<250, 0..<10_000], [10_000_000..<10_000_010, 0..<32_768, 32_768..<65_536],
            [20_000_000..<20_000_003, 0..<5, 9..<20, 19..<20],
        ] as [[Range<Int>]])
    func whateverIsReadInWhateverOrder(_ pieces: [Range<Int>]) throws {
        let size = pieces.contains { $0.upperBound > 10_000 } ? 20_000_003 : 10_000
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
        let path = try folder.write(bytes, to: "file")
        let hash = try FileHash(path: path)
        for piece in pieces { hash.see(bytes.span.bytes.extracting(piece), at: Int64(piece.lowerBound)) }
        let found = try hash.finish { true }
        #expect(found == (Fingerprint.of(bytes), Int64(size)))
    }

    /// One read finds what two find, in every container, with its index at the start or at the end.
    @Test(arguments: [
        ("film.mp4", []), ("fast.mp4", ["-movflags", "+faststart"]), ("pieces.mp4", ["-movflags", "+frag_keyframe+empty_moov"]),
        ("film.mov", []), ("film.mkv", []), ("film.ts", []), ("film.mpg", ["-c:v", "mpeg2video", "-c:a", "mp2"]),
        ("film.avi", ["-bf", "0"]), ("film.flv", []), ("film.mxf", ["-c:v", "mpeg2video", "-c:a", "pcm_s16le"]),
        ("film.ogv", ["-c:v", "libtheora", "-c:a", "libvorbis"]), ("film.wav", ["-vn", "-c:a", "pcm_s16le"]), ("film.h264", ["-an"]),
    ])
    func oneReadFindsWhatTwoFind(_ name: String, _ options: [String]) throws {
        let path = try Clip.make(
            folder.file(name), video: "testsrc2=size=320x240:rate=25:duration=4", audio: "sine=sample_rate=48000:duration=4",
            options: ["-g", "20", "-metadata", "title=A film"] + options)
        let twice = try SourceInspector.inspect(path: path, fingerprint: Fingerprint.ofFile(at: path))
        #expect(try SourceInspector.inspect(path: path) == twice)
        // Cut short in the middle: the same damage, or the same refusal.
        let bytes = try folder.bytes(of: name)
        let cut = try folder.write(bytes.prefix(bytes.count * 3 / 5), to: "cut-\(name)")
        let (one, two) = (
            Result { try SourceInspector.inspect(path: cut) },
            Result { try SourceInspector.inspect(path: cut, fingerprint: Fingerprint.ofFile(at: cut)) }
        )
        switch (one, two) {
        case (.success(let one), .success(let two)): #expect(one == two)
        case (.failure(let one), .failure(let two)): #expect("\(one)" == "\(two)")
        default: Issue.record("one read: \(one), two reads: \(two)")
        }
    }

    @Test func whatIsNoMediaIsRefusedByBothInTheSameWords() throws {
        for (name, content) in [("empty.mp4", ""), ("text.mp4", "Dear team,\nthe film follows.\n")] {
            let path = try folder.write(content, to: name)
            let one = #expect(throws: TranscodingError.self) { _ = try SourceInspector.inspect(path: path) }
            let two = #expect(throws: TranscodingError.self) {
                _ = try SourceInspector.inspect(path: path, fingerprint: Fingerprint.ofFile(at: path))
            }
            #expect(one?.description == two?.description)
        }
        #expect(throws: TranscodingError.self) { _ = try SourceInspector.inspect(path: folder.file("missing.mp4")) }
        #expect(throws: TranscodingError.self) { _ = try SourceInspector.inspect(path: folder.path) }
    }
}
