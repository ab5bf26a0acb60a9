import Libav
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Sources whose luma tells the frame's number, so that every output frame can be held against the one that it should show.
@Suite struct PictureReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func clip(_ name: String, frames: Int = 60, rate: String = "25", _ options: [String] = []) throws -> String {
        try Clip.make(folder.file(name), video: SmallTitle.numbered(frames, rate: rate), options: SmallTitle.fine + options)
    }

    /// For every output frame of `range`, the number that its picture tells.
    private func shown(_ title: SmallTitle, _ range: Range<Int>, row: Int = 24) throws -> [Int] {
        let reader = try PictureReader(path: title.path, plan: title.plan, index: title.index)
        var numbers: [Int] = []
        var expected = range.lowerBound
        try reader.forEach(in: range) { number, picture, _ in
            #expect(number == expected)
            expected += 1
            numbers.append(SmallTitle.number(of: picture.plane(0, width: 64, height: 48)[row * 64 + 32]))
            return true
        }
        return numbers
    }

    /// The whole and every chunk of it show the same, which is `expected`.
    private func check(_ title: SmallTitle, _ expected: [Int], row: (Int) -> Int = { _ in 24 }) throws {
        #expect(title.plan.grid.frames == expected.count)
        let whole = try shown(title, 0..<expected.count)
        #expect(whole == expected)
        for start in stride(from: 0, to: expected.count, by: 7) {
            let end = min(start + 9, expected.count)
            #expect(try shown(title, start..<end) == Array(expected[start..<end]), "from \(start)")
        }
    }

    @Test(arguments: ["mp4", "mkv", "ts", "mov"])
    func bFramesInLongGroups(_ container: String) throws {
        let path = try clip("film.\(container)", ["-g", "25", "-bf", "3", "-sc_threshold", "0"])
        let title = try SmallTitle(path)
        #expect(title.plan.source.video?.access == .seekable)
        #expect(title.plan.grid.frameRate == Rational(25))
        try check(title, Array(0..<60))
    }

    @Test(arguments: ["mp4", "ts"])
    func openGroups(_ container: String) throws {
        let path = try clip("open.\(container)", ["-g", "15", "-bf", "3", "-sc_threshold", "0", "-x264-params", "open-gop=1:b-adapt=0"])
        let title = try SmallTitle(path)
        let keys = title.index.packets.indices.filter { title.index.packets[$0].isKey }
        #expect(
            keys.dropFirst().contains { (title.index.packets[$0 + 1].presentation ?? 0) < (title.index.packets[$0].presentation ?? 0) },
            "the clip has no open group")
        try check(title, Array(0..<60))
    }

    @Test func aTrimmedTitleBeginsInTheMiddle() throws {
        let path = try clip("film.mp4", ["-g", "10", "-bf", "2"])
        let title = try SmallTitle(path, frames: 25, origin: Rational(1))
        try check(title, Array(25..<50))
    }

    @Test func variableFrameRate() throws {
        // Every third frame is dropped, and a long hole follows frame 20.
        let path = folder.file("variable.mkv")
        try Clip.make(
            path, video: "\(SmallTitle.numbered(60)),select='mod(n,3)*not(between(n,21,40))'",
            options: SmallTitle.fine + ["-g", "10", "-bf", "2", "-fps_mode", "vfr"])
        let title = try SmallTitle(path, frames: 55, frameRate: Rational(25))
        #expect(title.plan.source.video?.hasConstantFrameRate == false)
        let kept = (0..<60).filter { $0 % 3 != 0 && !(21...40).contains($0) }
        // The title begins with its first picture, which is frame 1.
        let expected = (0..<55).map { tick in kept.last { $0 - 1 <= tick } ?? 1 }
        try check(title, expected)
    }

    @Test func aSlowerSourceRepeatsAndAFasterOneIsThinned() throws {
        let path = try clip("film.mp4", frames: 40)
        try check(try SmallTitle(path, frames: 80, frameRate: Rational(50)), (0..<80).map { $0 / 2 })
        try check(try SmallTitle(path, frames: 20, frameRate: Rational(25, 2)), (0..<20).map { $0 * 2 })
    }

    @Test func aFirstPictureThatComesLateIsHeldFromTheStart() throws {
        let path = try clip("late.mkv", frames: 30, ["-output_ts_offset", "1", "-g", "5"])
        // Sound began one second before.
        let title = try SmallTitle(path, frames: 55, origin: .zero)
        try check(title, Array(repeating: 0, count: 25) + Array(0..<30))
    }

    @Test func aLastPictureIsHeldToTheEnd() throws {
        let path = try clip("short.mp4", frames: 20)
        try check(try SmallTitle(path, frames: 40), Array(0..<20) + Array(repeating: 19, count: 20))
    }

    @Test func fieldsBecomeFrames() throws {
        let path = folder.file("fields.mkv")
        try Clip.make(
            path, video: "\(SmallTitle.numbered(72, rate: "50")),tinterlace=mode=interleave_bottom",
            options: SmallTitle.fine + ["-flags", "+ilme+ildct", "-x264-params", "bff=1", "-g", "12"])
        let title = try SmallTitle(path)
        #expect(title.plan.source.video?.isInterlaced == true)
        #expect(title.plan.source.video?.frameRate == Rational(25))
        #expect(title.plan.grid.frames == 72)
        // The rows of the field itself are untouched: odd ones of the first field, even ones of the second.
        for range in [0..<72, 30..<50, 41..<60] {
            for (row, parity) in [(25, 0), (24, 1)] {
                let numbers = try shown(title, range, row: row)
                let own = zip(range, numbers).filter { $0.0 % 2 == parity }
                #expect(own.allSatisfy { $0.0 == $0.1 }, "\(range), row \(row): \(numbers)")
            }
        }
        // What lies between is the same for the whole and for a stretch.
        #expect(try Array(shown(title, 0..<72, row: 25)[30..<50]) == shown(title, 30..<50, row: 25))
    }

    @Test func rawStreamsAreNumbered() throws {
        let title = try SmallTitle(try clip("raw.h264", frames: 30, ["-bf", "2"]))
        #expect(title.plan.source.video?.access != .seekable)
        try check(title, Array(0..<30))
    }

    @Test func aProgramStreamNamesOnlySomeTimes() throws {
        let path = try Clip.make(
            folder.file("film.mpg"), video: SmallTitle.numbered(60),
            options: ["-c:v", "mpeg2video", "-qscale:v", "1", "-bf", "2", "-g", "12"])
        let title = try SmallTitle(path)
        // Its clock does not begin at 0, and sound goes by the same clock.
        let first = try #require(Double(Judge.entries(path, "format=start_time").first ?? ""))
        #expect(abs(title.plan.origin.approximate - first) < 0.001)
        try check(title, Array(0..<60))
    }

    @Test func anEditListCutsInsideAGroup() throws {
        let path = try clip("whole.mp4", ["-g", "30", "-bf", "0"])
        let cut = folder.file("cut.mp4")
        try Program.demand("ffmpeg", ["-v", "error", "-ss", "0.6", "-i", path, "-c", "copy", cut])
        let title = try SmallTitle(cut)
        try check(title, Array(15..<60))
    }

    @Test func repeatedPicturesKeepTheirSerialNumber() throws {
        let title = try SmallTitle(try clip("film.mp4", frames: 10), frames: 20, frameRate: Rational(50))
        let reader = try PictureReader(path: title.path, plan: title.plan, index: title.index)
        var serials: [Int] = []
        try reader.forEach(in: 0..<20) { _, _, serial in
            serials.append(serial)
            return true
        }
        #expect(serials == (0..<20).map { $0 / 2 + 1 })
    }

    @Test func damageFailsUnlessItIsAccepted() throws {
        let path = try clip("film.mp4", ["-g", "10"])
        var bytes = try folder.bytes(of: "film.mp4")
        let title = try SmallTitle(path)
        guard let packet = title.index.packets.dropFirst(12).first else { return }
        for offset in 6..<Int(packet.byteCount) { bytes[Int(packet.position) + offset] ^= 0x5A }
        try folder.write(bytes, to: "film.mp4")
        let error = #expect(throws: TranscodingError.self) { try shown(title, 0..<60) }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("damage: accept") == true)
        var tolerant = title
        tolerant.plan.acceptsDamage = true
        let numbers = try shown(tolerant, 0..<60)
        #expect(numbers.count == 60)
        #expect(Array(numbers[20...]) == Array(20..<60))
    }

    @Test func aCallerCanStop() throws {
        let title = try SmallTitle(try clip("film.mp4"))
        let reader = try PictureReader(path: title.path, plan: title.plan, index: title.index)
        var seen = 0
        try reader.forEach(in: 0..<60) { _, _, _ in
            seen += 1
            return seen < 5
        }
        #expect(seen == 5)
    }
}
