import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Everything that takes long tells a watchdog that it moves, and ends when the watchdog says so.
@Suite struct ProgressTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Long enough for every piece of work to be asked several times.
    private func film(_ options: [String] = []) throws -> String {
        try Clip.make(
            folder.file("film.mp4"), video: "testsrc2=size=64x48:rate=25:duration=4", audio: "sine=sample_rate=48000:duration=4",
            options: options)
    }

    private func emptyFolder() throws -> String {
        let path = folder.file(UUID().uuidString)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Runs `work` to its end, which must tell of progress at least `least` times, then again giving up in the middle.
    private func check(least: Int, _ work: (() -> Bool) throws -> Void) throws {
        var told = 0
        try work {
            told += 1
            return true
        }
        #expect(told >= least)
        var left = told / 2
        let error = #expect(throws: TranscodingError.self) {
            try work {
                left -= 1
                return left > 0
            }
        }
        #expect(error?.code == .interrupted)
        #expect(left == 0, "asked again after it was told to give up")
    }

    @Test func fingerprint() throws {
        let path = try folder.write([UInt8](repeating: 7, count: 9 << 20), to: "large")
        try check(least: 9) { onProgress in _ = try Fingerprint.ofFile(at: path, onProgress: onProgress) }
    }

    @Test func inspection() throws {
        let path = try film()
        let fingerprint = try Fingerprint.ofFile(at: path)
        try check(least: 250) { onProgress in
            _ = try SourceInspector.inspect(path: path, fingerprint: fingerprint, onProgress: onProgress)
        }
        // The probe, which comes last, can be given up as well.
        var told = 0
        _ = try SourceInspector.inspect(path: path, fingerprint: fingerprint) {
            told += 1
            return true
        }
        let error = #expect(throws: TranscodingError.self) {
            _ = try SourceInspector.inspect(path: path, fingerprint: fingerprint) {
                told -= 1
                return told > 0
            }
        }
        #expect(error?.code == .interrupted)
    }

    @Test func chunk() throws {
        let title = try SmallTitle(try film(), rungs: [SmallTitle.rung(speed: "medium")])
        try check(least: 200) { onProgress in
            let output = try emptyFolder()
            _ = try ChunkPass.run(
                source: title.path, plan: title.plan, index: title.index, chunk: 0,
                lanes: [ChunkPass.Lane(rung: 0, purpose: .encode(folder: output))], dressing: SmallTitle.bare, onProgress: onProgress)
        }
    }

    @Test func whatAnEncoderStillHoldsAtItsEnd() throws {
        let title = try SmallTitle(try film(), rungs: [SmallTitle.rung(speed: "medium")])
        let output = try emptyFolder()
        var (frames, toldAtTheEnd) = (0, 0)
        _ = try ChunkPass.run(
            source: title.path, plan: title.plan, index: title.index, chunk: 0,
            lanes: [ChunkPass.Lane(rung: 0, purpose: .encode(folder: output))], dressing: SmallTitle.bare,
            onFrame: {
                frames += 1
                return true
            },
            onProgress: {
                if frames == title.plan.grid.frames { toldAtTheEnd += 1 }
                return true
            })
        // x264's medium looks two groups of pictures ahead, and reorders.
        #expect(toldAtTheEnd > 20)
    }

    @Test func theWayToAStretchFarBehindTheStart() throws {
        // One key frame: whatever is wanted, everything before it is decoded first.
        let title = try SmallTitle(try film(["-g", "1000", "-sc_threshold", "0"]))
        let reader = try PictureReader(path: title.path, plan: title.plan, index: title.index)
        var toldBefore = 0
        var shown = 0
        try reader.forEach(
            in: 90..<92,
            onProgress: {
                if shown == 0 { toldBefore += 1 }
                return true
            },
            { _, _, _ in
                shown += 1
                return true
            })
        #expect(shown == 2)
        #expect(toldBefore >= 90)
    }

    @Test func sound() throws {
        let title = try SmallTitle(try film(), gop: 25, segment: 25)
        try check(least: 350) { onProgress in
            let output = try emptyFolder()
            _ = try SoundEncoder.run(
                SmallTitle.sound(stream: 1), path: title.path, plan: title.plan, folder: output, dressing: SmallTitle.bare,
                onProgress: onProgress)
        }
    }

    @Test func images() throws {
        let fixture = try ImageFixture(video: "testsrc2=size=320x180:rate=25:duration=4")
        try check(least: 40) { onProgress in
            _ = try ImageWriter.run(
                plan: fixture.plan, sourcePath: fixture.path, index: fixture.findings.index, into: emptyFolder(),
                onProgress: onProgress)
        }
    }
}
