import Crypto
import Formats
package import MediaModel

/// Tracks as the transcoder leaves them, but encoded by the `ffmpeg` program: one fragmented file, cut into an init segment and segments.
package struct WrittenTrack: Sendable {
    package let initSegment: [UInt8]
    package let segments: [[UInt8]]
    package let facts: [SegmentFact]
    package let timescale: Int64

    private static let muxer = [
        "-f", "mp4", "-flags", "+global_header", "-use_editlist", "0", "-movflags",
        "+empty_moov+default_base_moof+skip_trailer+frag_discont",
    ]

    /// Picture on `grid`, divided by `divisor`.
    package static func video(
        _ grid: Grid, width: Int, height: Int, bitRate: String = "300k", divisor: Int = 1, codec: [String] = h264
    ) throws -> WrittenTrack {
        let seconds = Double(grid.frames) / grid.frameRate.approximate
        let rate = grid.frameRate / Rational(Int64(divisor))
        let source = "testsrc2=size=\(width)x\(height):rate=\(rate):duration=\(seconds)"
        return try make(
            ["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p"] + codec
                + ["-b:v", bitRate, "-g", "\(grid.segmentFrames / divisor)", "-video_track_timescale", "\(grid.timescale)"],
            movflags: "frag_keyframe")
    }

    package static let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0"]

    /// Sound cut every two seconds, as near as its frames allow, and composed a tenth of a second late. The encoder adds its delay to
    /// `seconds`.
    package static func audio(seconds: Double, codec: [String]) throws -> WrittenTrack {
        let source = "sine=frequency=440:sample_rate=48000:duration=\(seconds)"
        return try make(
            ["-f", "lavfi", "-i", source, "-ac", "2"] + codec + ["-frag_duration", "1990000"], movflags: "empty_moov", delay: 4800)
    }

    private static func make(_ arguments: [String], movflags: String, delay: Int64 = 0) throws -> WrittenTrack {
        let folder = try TemporaryFolder()
        var muxing = muxer
        muxing[muxing.count - 1] += "+\(movflags)"
        try Program.demand("ffmpeg", ["-v", "error", "-y"] + arguments + muxing + [folder.file("track.mp4")])
        return try WrittenTrack(file: folder.bytes(of: "track.mp4"), delay: delay)
    }

    /// The segment with another `baseMediaDecodeTime` in its first `tfdt` (ISO/IEC 14496-12, 8.8.12).
    package static func moved(_ segment: [UInt8], by ticks: Int64) -> [UInt8] {
        var bytes = segment
        guard let type = bytes.indices.first(where: { bytes[$0...].starts(with: Array("tfdt".utf8)) }) else { return segment }
        let field = (type + 8)..<(type + (bytes[type + 4] == 1 ? 16 : 12))
        var time = bytes[field].reduce(0) { $0 << 8 | Int64($1) } + ticks
        for place in field.reversed() {
            bytes[place] = UInt8(truncatingIfNeeded: time)
            time >>= 8
        }
        return bytes
    }

    private init(file: [UInt8], delay: Int64) throws {
        let reader = BoxReader(file, name: "track.mp4")
        var head: [UInt8] = []
        var fragments: [[UInt8]] = []
        for box in try reader.boxes() {
            switch box.type {
            case "ftyp", "moov": head += file[box.range]
            case "moof": fragments.append(SegmentType.box + file[box.range])
            case "mdat": fragments[fragments.count - 1] += file[box.range]
            default: break
            }
        }
        fragments = fragments.map { WrittenTrack.moved($0, by: delay) }
        let plain = try SampleDescription.read(initSegment: head, name: "track.mp4")
        let first = try Fragment.read(segment: fragments[0], defaults: plain.defaults, name: "1")
        initSegment = InitSegment.finished(head, compositionStart: first.compositionTimes.min() ?? 0)
        segments = fragments
        let description = try SampleDescription.read(initSegment: initSegment, name: "init.mp4")
        timescale = description.timescale
        facts = try fragments.enumerated().map { index, bytes in
            let fragment = try Fragment.read(segment: bytes, defaults: description.defaults, name: "\(index + 1)")
            return SegmentFact(
                number: index + 1, start: fragment.decodeTime - description.decodeStart, duration: fragment.duration,
                samples: fragment.samples.count, bytes: Int64(bytes.count), sha256: SHA256.hash(data: bytes).hex)
        }
    }
}

extension SHA256.Digest {
    fileprivate var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
