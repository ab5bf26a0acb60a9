import Foundation
import Libav
import MediaModel
import TestSupport
import Testing

struct FragmentMuxerTests {
    private static let frameTicks: Int64 = 1000
    private static let segmentFrames: Int64 = 20
    /// Frames by which the encoder reorders: all are composed as much later than they are shown.
    private static let delay: Int64 = 2

    /// One chunk of the title: its own encoder and its own muxer, times of the whole title.
    private func chunk(_ frames: Range<Int64>) throws -> (initSegment: [UInt8], fragments: [[UInt8]]) {
        let encoder = try Encoder("libx264", video: Recipe.video(), options: Recipe.x264)
        #expect(try encoder.reorderedFrames() == Self.delay)
        let muxer = try FragmentMuxer(
            encoder: encoder, timescale: 25 * Self.frameTicks, firstSegment: Int(frames.lowerBound / Self.segmentFrames) + 1)
        #expect(muxer.timescale == 25_000)
        let initSegment = muxer.takeInitSegment()
        var fragments: [[UInt8]] = []
        var coded: Int64 = 0
        let packet = try Packet()
        func drain() throws {
            while try encoder.receive(into: packet) {
                if coded > 0, packet.isKey { fragments.append(try muxer.takeFragment()) }
                let composition = ((packet.presentation ?? 0) + Self.delay) * Self.frameTicks
                packet.setTimes(
                    presentation: composition, decoding: (frames.lowerBound + coded) * Self.frameTicks, duration: Self.frameTicks)
                try muxer.write(packet)
                coded += 1
            }
        }
        let source = try Recipe.pictures()
        let frame = try Frame()
        for number in frames {
            #expect(try source.pull(into: frame))
            frame.setForEncoding(presentation: number, isKey: number % Self.segmentFrames == 0)
            try encoder.send(frame)
            try drain()
        }
        try encoder.finish()
        try drain()
        fragments.append(try muxer.takeFragment())
        return (initSegment, fragments)
    }

    @Test func twoMuxersThatContinueEachOtherMakeOneTrack() throws {
        let (first, second) = (try chunk(0..<40), try chunk(40..<75))
        #expect(first.initSegment == second.initSegment, "a player reads one init segment for all chunks")
        let fragments = first.fragments + second.fragments
        try #require(fragments.count == 4)
        for (number, fragment) in fragments.enumerated() {
            let boxes = BoxReader(bytes: fragment[...])
            #expect(boxes.boxes.map(\.type) == ["moof", "mdat"])
            let decode = try #require(boxes.payloads("moof/traf/tfdt").first)
            #expect(decode.first == 1, "64 bits")
            #expect(BoxReader.number(decode.dropFirst(4)) == UInt64(number) * UInt64(Self.segmentFrames * Self.frameTicks))
            let sequence = try #require(boxes.payloads("moof/mfhd").first)
            #expect(BoxReader.number(sequence.dropFirst(4)) == UInt64(number) + 1)
            let run = try #require(boxes.payloads("moof/traf/trun").first)
            #expect(run.first == 0, "composition offsets from 0")
            #expect(BoxReader.number(run.dropFirst(4).prefix(4)) == (number == 3 ? 15 : 20))
        }
        #expect(try fragments.flatMap(presentations).sorted() == (0..<75).map { ($0 + Self.delay) * Self.frameTicks })
        try judge(first.initSegment + fragments.joined())
    }

    /// When every sample of a fragment is shown, by `tfdt` and `trun` (ISO/IEC 14496-12, 8.8.8) alone.
    private func presentations(_ fragment: [UInt8]) throws -> [Int64] {
        let boxes = BoxReader(bytes: fragment[...])
        var time = Int64(BoxReader.number(try #require(boxes.payloads("moof/traf/tfdt").first).dropFirst(4)))
        var run = try #require(boxes.payloads("moof/traf/trun").first)
        func take(_ count: Int = 4) -> UInt64 {
            defer { run = run.dropFirst(count) }
            return BoxReader.number(run.prefix(count))
        }
        let flags = take() & 0xFF_FFFF
        let count = take()
        for flag in [0x1, 0x4] as [UInt64] where flags & flag != 0 { _ = take() }
        return (0..<count).map { _ in
            let duration = flags & 0x100 != 0 ? Int64(take()) : Self.frameTicks
            for flag in [0x200, 0x400] as [UInt64] where flags & flag != 0 { _ = take() }
            let offset = flags & 0x800 != 0 ? Int64(Int32(truncatingIfNeeded: take())) : 0
            defer { time += duration }
            return time + offset
        }
    }

    /// `ffprobe` and `ffmpeg` on the whole track.
    private func judge(_ track: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(track, to: "track.mp4")
        #expect(try Judge.complaints(path) == "")
        #expect(try Program.run("ffprobe", ["-v", "warning", "-show_packets", path]).errors == "")
        #expect(try Judge.frames(path) == 75)
        let decode = try Judge.entries(path, "packet=dts").compactMap { Int64($0) }
        #expect(decode == (0..<75).map { $0 * Self.frameTicks })
        let shown = try Judge.entries(path, "packet=pts").compactMap { Int64($0) }
        #expect(shown.sorted() == decode.map { $0 + Self.delay * Self.frameTicks })
        #expect(shown != decode, "without B-frames this would prove little")
        #expect(try Judge.entries(path, "stream=codec_tag_string,r_frame_rate") == ["avc1", "25/1"])
    }

    @Test func theInitSegmentHasNoEditListAndNoSamples() throws {
        let encoder = try Encoder("libx264", video: Recipe.video(), options: Recipe.x264)
        let muxer = try FragmentMuxer(encoder: encoder, timescale: 30000, firstSegment: 1)
        let boxes = BoxReader(bytes: muxer.takeInitSegment()[...])
        #expect(boxes.boxes.map(\.type) == ["ftyp", "moov"])
        #expect(boxes.payloads("moov/trak").count == 1)
        #expect(boxes.payloads("moov/trak/edts").isEmpty)
        #expect(boxes.payloads("moov/mvex/trex").count == 1)
        let sizes = try #require(boxes.payloads("moov/trak/mdia/minf/stbl/stsz").first)
        #expect(BoxReader.number(sizes.dropFirst(8).prefix(4)) == 0)
        let clock = try #require(boxes.payloads("moov/trak/mdia/mdhd").first)
        #expect(BoxReader.number(clock.dropFirst(12).prefix(4)) == 30000)
        #expect(muxer.takeInitSegment().isEmpty, "it was taken")
    }

    @Test func soundIsCutAtPackets() throws {
        let encoder = try Encoder("aac", audio: Recipe.audio)
        let muxer = try FragmentMuxer(encoder: encoder, timescale: 48000, firstSegment: 1)
        let initSegment = muxer.takeInitSegment()
        let tone = try FilterGraph("sine=sample_rate=48000,aformat=sample_fmts=fltp:channel_layouts=stereo", input: nil, isVideo: false)
        let frame = try Frame()
        let packet = try Packet()
        var fragments: [[UInt8]] = []
        var written: Int64 = 0
        for number in 0..<24 as Range<Int64> {
            #expect(try tone.pull(samples: 1024, into: frame))
            frame.setForEncoding(presentation: number * 1024, isKey: false)
            try encoder.send(frame)
            while try encoder.receive(into: packet) {
                // The priming packet is dropped.
                guard let start = packet.presentation, start >= 0, written < 20 else { continue }
                packet.setTimes(presentation: start, decoding: start, duration: 1024)
                try muxer.write(packet)
                written += 1
                if written % 10 == 0 { fragments.append(try muxer.takeFragment()) }
            }
        }
        try #require(fragments.count == 2)
        let starts = try fragments.map {
            BoxReader.number(try #require(BoxReader(bytes: $0[...]).payloads("moof/traf/tfdt").first).dropFirst(4))
        }
        #expect(starts == [0, 10 * 1024])
        let folder = try TemporaryFolder()
        let path = try folder.write(initSegment + fragments.joined(), to: "sound.mp4")
        #expect(try Judge.complaints(path) == "")
        #expect(try Judge.entries(path, "packet=dts").compactMap { Int64($0) } == (0..<20).map { $0 * 1024 })
    }

    @Test(arguments: [
        ("libx265", "hvc1", "x265-params", "log-level=none:pools=none:frame-threads=1:info=0"),
        ("libsvtav1", "av01", "svtav1-params", "lp=1"),
    ])
    func everyCodecHasItsSampleEntry(_ name: String, _ entry: String, _ key: String, _ value: String) throws {
        guard Encoder.exists(name) else { return }
        let encoder = try Encoder(name, video: Recipe.video(), options: [(key, value)])
        let muxer = try FragmentMuxer(encoder: encoder, timescale: 25000, firstSegment: 1)
        let description = try #require(BoxReader(bytes: muxer.takeInitSegment()[...]).payloads("moov/trak/mdia/minf/stbl/stsd").first)
        #expect(BoxReader(bytes: description.dropFirst(8)).boxes.map(\.type) == [entry])
    }
}
