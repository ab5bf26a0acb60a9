import Foundation
import Libav
import TestSupport
import Testing

/// Who owns what, measured: the kernel's count of a process's memory must stand still. Each runs in a process of its own, because other
/// tests run beside it; not under AddressSanitizer, which holds back what is freed and looks for leaks itself.
@Suite(.disabled(if: ProcessInfo.processInfo.environment["ASAN_OPTIONS"] != nil)) struct OwnershipTests {
    /// Far below what 2000 leaked pictures (46 MB) or chains would cost, far above what an allocator moves to and fro.
    static let slack = 16 << 20

    static func growth(_ count: Int, _ body: () throws -> Void) throws -> Int {
        for _ in 0..<max(4, count / 10) { try body() }
        let before = try ProcessMemory.resident()
        for _ in 0..<count { try body() }
        return try ProcessMemory.resident() - before
    }

    @Test func framesAreFreedWhereTheirScopeEnds() async {
        await #expect(processExitsWith: .success) {
            let grown = try OwnershipTests.growth(2000) { () throws in
                let frame = try Frame.picture(width: 160, height: 96, fullRange: false)
                let shared = try frame.reference()
                frame.clear()
                #expect(shared.shape.width == 160)
            }
            #expect(grown < OwnershipTests.slack)
        }
    }

    /// The sink hands frames over without asking what the target held.
    @Test func aFrameFilledAgainGivesBackWhatItHeld() async {
        await #expect(processExitsWith: .success) {
            let pictures = try Recipe.pictures()
            let tone = try FilterGraph("sine=sample_rate=48000,aformat=sample_fmts=fltp:channel_layouts=stereo", input: nil, isVideo: false)
            let frame = try Frame()
            let grown = try OwnershipTests.growth(2000) { () throws in
                #expect(try pictures.pull(into: frame))
                #expect(try tone.pull(samples: 1024, into: frame))
            }
            #expect(grown < OwnershipTests.slack)
        }
    }

    @Test func packetsAreFreedWithTheirScopeAndWhenReadAgain() async {
        await #expect(processExitsWith: .success) {
            let path = try ClipShelf.film()
            let again = try Packet()
            let grown = try OwnershipTests.growth(20) { () throws in
                let demuxer = try Demuxer(path: path)
                while try demuxer.read(into: again) {
                    let own = try Packet()
                    _ = try demuxer.read(into: own)
                }
            }
            #expect(grown < OwnershipTests.slack)
        }
    }

    /// Opened whole, refused, and given up in the middle; 32 KB of buffer and a file each.
    @Test func filesThatAreListenedToAreClosed() async {
        await #expect(processExitsWith: .success) {
            let path = try ClipShelf.film()
            let folder = try TemporaryFolder()
            let cut = try folder.write(Data(contentsOf: URL(fileURLWithPath: path)).prefix(20_000), to: "cut.mp4")
            let packet = try Packet()
            // Files of other tests may have come along into this process.
            let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            let grown = try OwnershipTests.growth(1000) { () throws in
                let demuxer = try Demuxer(path: path) { _, _ in }
                #expect(try demuxer.read(into: packet))
                #expect(throws: LibavError.self) { _ = try Demuxer(path: cut) { _, _ in } }
            }
            #expect(grown < OwnershipTests.slack)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count < before + 10)
        }
    }

    @Test func decodersAndChainsAndEncodersAreFreedWholeOrHalfMade() async {
        await #expect(processExitsWith: .success) {
            let path = try ClipShelf.film()
            let grown = try OwnershipTests.growth(60) { () throws in
                let demuxer = try Demuxer(path: path)
                demuxer.select([0])
                let decoder = try demuxer.decoder(forStream: 0)
                let packet = try Packet()
                let frame = try Frame()
                while try demuxer.read(into: packet) {
                    try decoder.send(packet)
                    if try decoder.receive(into: frame) { break }
                }
                #expect(throws: LibavError.self) { _ = try FilterGraph("scale=64:64,nosuchfilter", input: nil) }
                #expect(throws: LibavError.self) { _ = try Encoder("libx264", video: Recipe.video(), options: [("x264-params", "foo=1")]) }
                let encoder = try Encoder("libx264", video: Recipe.video(), options: Recipe.x264)
                _ = try FragmentMuxer(encoder: encoder, timescale: 25000, firstSegment: 1).takeInitSegment()
            }
            #expect(grown < OwnershipTests.slack)
        }
    }
}
