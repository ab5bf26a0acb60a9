import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Where a title is cut into chunks changes no picture: the same sources in 1, 2 and 8 chunks, encoded without loss, decoded by `ffmpeg`.
///
/// Each picture of a source is like no other, so that one lost, doubled or shifted shows in its hash.
@Suite struct JoinTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Not quite without loss: x264 makes no B-frames then.
    private static let x264 = ["-preset", "veryfast", "-qp", "1", "-sc_threshold", "0"]
    private static let mpeg2 = ["-c:v", "mpeg2video", "-qscale:v", "2", "-sc_threshold", "1000000000"]

    private static func film(_ frames: Int, rate: String = "25") -> String {
        let picture = "lum='16+mod(37*N+3*X+5*Y,220)':cb='64+mod(11*floor(N/16),128)':cr=128"
        return "nullsrc=size=64x48:rate=\(rate),geq=\(picture),format=yuv420p,trim=end_frame=\(frames)"
    }

    private func clip(_ name: String, frames: Int = 85, rate: String = "25", _ options: [String]) throws -> String {
        try Clip.make(folder.file(name), video: Self.film(frames, rate: rate), options: options)
    }

    /// A title of 8 segments or a little more, in as many chunks as asked.
    private func title(_ path: String, chunks: Int, acceptsDamage: Bool = false) throws -> SmallTitle {
        var title = try SmallTitle(path)
        let grid = title.plan.grid
        title.plan.acceptsDamage = acceptsDamage
        title.plan.grid.gopFrames = max(1, grid.frames / 16)
        title.plan.grid.segmentFrames = title.plan.grid.gopFrames * 2
        #expect(title.plan.grid.segmentCount >= 8)
        title.plan.grid.chunkStarts = chunks == 1 ? [0] : chunks == 2 ? [0, 3] : Array(0..<8)
        // Constant quality 0 is without loss in x264, and knows no rate buffer.
        let lossless = RateControl.cappedCRF(crf: .zero, cap: RateCap(maxRate: 0, bufferSize: 0))
        title.plan.rungs = [SmallTitle.rung(control: lossless, frameRate: grid.frameRate, speed: "veryfast")]
        return title
    }

    /// Encodes in 1, 2 and 8 chunks, holds each against the plan, and the pictures of all against each other.
    /// - Parameter expected: what the pictures must be, output frame by output frame.
    private func check(_ path: String, acceptsDamage: Bool = false, expected: ((SmallTitle) throws -> [String])? = nil) throws {
        let whole = try title(path, chunks: 1, acceptsDamage: acceptsDamage)
        let track = try JoinedTrack.encode(whole, in: folder)
        try track.check(whole.plan)
        let pictures = try Judge.pictureHashes(track.path)
        #expect(pictures.count == whole.plan.grid.frames)
        if let expected {
            let expected = try expected(whole)
            #expect(
                pictures == expected,
                "first difference at \(String(describing: zip(pictures, expected).enumerated().first { $1.0 != $1.1 }?.offset))")
        }
        for chunks in [2, 8] {
            let cut = try title(path, chunks: chunks, acceptsDamage: acceptsDamage)
            let track = try JoinedTrack.encode(cut, in: folder)
            try track.check(cut.plan)
            let joined = try Judge.pictureHashes(track.path)
            let wrong = joined.indices.filter { $0 >= pictures.count || joined[$0] != pictures[$0] }
            #expect(joined == pictures, "\(chunks) chunks differ from one at \(wrong.prefix(10))")
        }
    }

    /// The pictures of a source of constant frame rate are those of the title.
    private func everyPicture(_ title: SmallTitle) throws -> [String] { try Judge.pictureHashes(title.path) }

    /// For every frame of the title the picture of the source that the schedule has there.
    private func shown(_ title: SmallTitle) throws -> [String] {
        let hashes = try Judge.pictureHashes(title.path)
        let grid = title.plan.grid
        let schedule = PictureSchedule(title.index, rate: grid.frameRate, origin: title.plan.origin, frames: grid.frames)
        #expect(schedule.order.count == hashes.count)
        #expect(schedule.lost <= 1)
        return (0..<grid.frames).map { hashes[schedule.position(at: $0) ?? 0] }
    }

    @Test(arguments: ["25", "30000/1001", "60"], ["mp4", "mkv", "ts"])
    func constantFrameRate(_ rate: String, _ container: String) throws {
        try check(try clip("film.\(container)", rate: rate, Self.x264 + ["-g", "12", "-bf", "2"]), expected: everyPicture)
    }

    @Test(arguments: ["mp4", "mkv"])
    func variableFrameRate(_ container: String) throws {
        // Every fifth picture is missing, the others come up to a quarter frame early or late, and frames 30 to 45 are not there at all.
        let path = try Clip.make(
            folder.file("variable.\(container)"),
            video: "\(Self.film(110)),settb=1/1000,setpts='1000*(N+0.25*sin(N*N))/25',select='mod(n,5)*not(between(n,30,45))'",
            options: Self.x264 + ["-g", "20", "-bf", "2", "-fps_mode", "passthrough", "-enc_time_base", "1/1000"])
        try check(path) { title in
            #expect(title.plan.source.video?.hasConstantFrameRate == false)
            return try shown(title)
        }
    }

    @Test(arguments: ["mp4", "ts"])
    func longGroups(_ container: String) throws {
        try check(
            try clip("long.\(container)", frames: 420, Self.x264 + ["-g", "250", "-keyint_min", "250", "-bf", "3"]), expected: everyPicture)
    }

    @Test(arguments: ["mp4", "mkv", "ts"])
    func openGroups(_ container: String) throws {
        let path = try clip("open.\(container)", Self.x264 + ["-g", "15", "-bf", "3", "-x264-params", "open-gop=1:b-adapt=0"])
        try demandOpenGroups(path)
        try check(path, expected: everyPicture)
    }

    @Test(arguments: ["ts", "mpg", "mxf", "mkv"])
    func openGroupsOfMPEG2(_ container: String) throws {
        let path = try clip("open.\(container)", Self.mpeg2 + ["-g", "12", "-bf", "2"])
        // A program stream names the times of some pictures alone.
        if container != "mpg" { try demandOpenGroups(path) }
        try check(path, expected: everyPicture)
    }

    private func demandOpenGroups(_ path: String) throws {
        let packets = try SmallTitle(path).index.packets
        let keys = packets.indices.dropLast().filter { packets[$0].isKey }.dropFirst()
        #expect(keys.contains { (packets[$0 + 1].presentation ?? .max) < (packets[$0].presentation ?? 0) }, "the clip has no open group")
    }

    @Test(arguments: ["mp4", "mkv", "ts"])
    func pyramids(_ container: String) throws {
        let path = try clip(
            "pyramid.\(container)", Self.x264 + ["-g", "30", "-bf", "7", "-x264-params", "b-adapt=0:b-pyramid=normal:open-gop=1"])
        try check(path, expected: everyPicture)
    }

    @Test func aClockThatBeginsBelowZero() throws {
        // A transport stream's clock that wraps within the first minute is counted from below 0.
        let path = try clip("wrap.ts", Self.x264 + ["-g", "12", "-bf", "2", "-output_ts_offset", "95442", "-muxdelay", "0"])
        #expect(try SmallTitle(path).plan.origin < .zero)
        try check(path, expected: everyPicture)
    }

    @Test func anEditListThatBeginsInsideAGroup() throws {
        let whole = try clip("whole.mp4", frames: 100, Self.x264 + ["-g", "30", "-bf", "2"])
        let cut = folder.file("cut.mp4")
        try Program.demand("ffmpeg", ["-v", "error", "-ss", "0.6", "-i", whole, "-c", "copy", cut])
        #expect(try SmallTitle(cut).index.packets.contains { $0.isDiscarded })
        try check(cut, expected: everyPicture)
    }

    @Test(arguments: ["h264", "mpeg2video"])
    func fields(_ codec: String) throws {
        let coding =
            codec == "h264" ? Self.x264 + ["-x264-params", "tff=1", "-g", "12", "-bf", "2"] : Self.mpeg2 + ["-g", "12", "-bf", "2"]
        let path = try Clip.make(
            folder.file("fields.ts"), video: "\(Self.film(170, rate: "50")),tinterlace=mode=interleave_top",
            options: coding + ["-flags", "+ilme+ildct"])
        let title = try SmallTitle(path)
        #expect(title.plan.picture?.deinterlace == true)
        #expect(title.plan.grid.frames == 170)
        try check(path)
    }

    // MARK: Transport streams with broken clocks

    private static let stream = x264 + ["-g", "12", "-bf", "2", "-muxdelay", "0", "-f", "mpegts"]

    /// Two recordings in one file, the second with another clock. The packets' counter breaks as well, which counts as damage.
    private func joined(_ name: String, offset: String) throws -> String {
        _ = try clip("first.ts", frames: 50, Self.stream)
        _ = try clip("second.ts", frames: 50, Self.stream + ["-output_ts_offset", offset])
        return try folder.write(folder.bytes(of: "first.ts") + folder.bytes(of: "second.ts"), to: name)
    }

    @Test func aClockThatJumpsAhead() throws {
        let path = try joined("ahead.ts", offset: "4.08")
        try check(path, acceptsDamage: true) { title in
            let hashes = try Judge.pictureHashes(path)
            #expect(title.plan.grid.frames == 150)
            // The picture before the jump stands until the next one comes.
            return Array(hashes[..<50]) + Array(repeating: hashes[49], count: 50) + Array(hashes[50...])
        }
    }

    @Test func aClockThatJumpsBack() throws {
        let path = try joined("back.ts", offset: "0.48")
        #expect(try SmallTitle(path).plan.source.video?.access == .sequential)
        try check(path, acceptsDamage: true)
    }

    @Test func aClockThatIsMissingHereAndThere() throws {
        _ = try clip("whole.ts", Self.stream)
        var bytes = try folder.bytes(of: "whole.ts")
        var pictures = 0
        for packet in stride(from: 0, to: bytes.count, by: 188) where bytes[packet + 1] & 0x40 != 0 {
            // ISO/IEC 13818-1, 2.4.3: past an adaptation field, a PES packet of a picture; the flags of its times are the upper two of a
            // byte.
            let start = packet + 4 + (bytes[packet + 3] & 0x20 != 0 ? 1 + Int(bytes[packet + 4]) : 0)
            guard start + 8 < packet + 188, bytes[start..<start + 4].elementsEqual([0, 0, 1, 0xE0]) else { continue }
            pictures += 1
            if pictures % 4 == 3 { bytes[start + 7] &= 0x3F }
        }
        #expect(pictures == 85)
        let path = try folder.write(bytes, to: "missing.ts")
        #expect(try SmallTitle(path).plan.source.video?.access != .seekable)
        try check(path)
    }

    @Test func aStreamThatLostPictures() throws {
        // Every other picture is a B-frame that nothing refers to, shown before the one stored in front of it; a few go missing.
        let whole = try clip("whole.ts", Self.stream + ["-bf", "1", "-x264-params", "b-adapt=0"])
        let packets = try SmallTitle(whole).index.packets
        let shownFirst = packets.indices.dropFirst().dropLast().filter {
            (packets[$0].presentation ?? 0) < (packets[$0 - 1].presentation ?? 0)
        }
        let lost = shownFirst.enumerated().filter { $0.offset % 9 == 4 }.map(\.element)
        #expect(lost.count >= 3)
        var bytes = try folder.bytes(of: "whole.ts")
        for number in lost.reversed() { bytes.removeSubrange(Int(packets[number].position)..<Int(packets[number + 1].position)) }
        let path = try folder.write(bytes, to: "lost.ts")
        try check(path, acceptsDamage: true) { title in
            #expect(title.plan.grid.frames == 85)
            return try shown(title)
        }
    }
}
