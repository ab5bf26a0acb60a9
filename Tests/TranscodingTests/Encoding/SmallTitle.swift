import Foundation
import MediaModel
import TestSupport

@testable import Transcoding

/// A source that was inspected, and a plan for it as the planner would make one, as small as a test needs it.
struct SmallTitle {
    let path: String
    let findings: SourceInspector.Findings
    var plan: AssetPlan

    var index: FrameIndex { findings.index ?? FrameIndex(timeBase: .one, packets: []) }

    /// - Parameters:
    ///   - frames: of the grid; nil: as many as the source lasts.
    ///   - frameRate: of the grid; nil: the source's, doubled for fields.
    ///   - origin: source time of the title's 0; nil: the picture's start.
    init(
        _ path: String, frames: Int? = nil, frameRate: Rational? = nil, origin: Rational? = nil, gop: Int = 10, segment: Int = 20,
        chunkStarts: [Int] = [0], rungs: [RungPlan] = [], audio: [AudioPlan] = []
    ) throws {
        self.path = path
        findings = try SourceInspector.inspect(path: path, fingerprint: Fingerprint.ofFile(at: path))
        let source = findings.source
        let video = source.video
        let rate = frameRate ?? video.map { $0.isInterlaced ? $0.frameRate * Rational(2) : $0.frameRate } ?? Rational(25)
        let start = origin ?? video?.start ?? .zero
        let end = video?.end ?? source.audio.map(\.end).max() ?? .zero
        plan = AssetPlan(
            id: "small", version: "", source: source, presetName: "test", origin: start,
            grid: Grid(
                frameRate: rate, frames: frames ?? Int(((end - start) * rate).rounded), gopFrames: gop, segmentFrames: segment,
                chunkStarts: chunkStarts),
            picture: video.map(SmallTitle.picture), rungs: rungs, dropped: [], audio: audio, text: [], images: nil,
            predicted: Prediction(bytes: 0, cpuSeconds: 0, memoryBytes: 0), warnings: [], acceptsDamage: false)
    }

    /// As the planner fills in what the source left out.
    static func picture(of video: VideoTrackInfo) -> PicturePlan {
        let isRGB = ["rgb", "bgr", "gbr"].contains { video.pixelFormat.hasPrefix($0) }
        let input =
            isRGB
            ? ColorTags(primaries: 1, transfer: 1, matrix: 0, isFullRange: true)
            : ColorTags(primaries: 1, transfer: 1, matrix: 1, isFullRange: video.color.isFullRange)
        let (width, height) = video.orientation.swapsSides ? (video.height, video.width) : (video.width, video.height)
        return PicturePlan(
            deinterlace: video.isInterlaced, orientation: video.orientation, width: max(2, width & ~1), height: max(2, height & ~1),
            input: input, output: .bt709)
    }

    static func rung(
        _ name: String = "small", width: Int = 64, height: Int = 48, divisor: Int = 1, codec: VideoCodec = .h264,
        control: RateControl = .cappedCRF(crf: Rational(23), cap: RateCap(maxRate: 800_000, bufferSize: 800_000)),
        frameRate: Rational = Rational(25),
        speed: String = "ultrafast", level: String = "3.0", bitDepth: Int = 8, options: [String: String] = [:]
    ) -> RungPlan {
        let rung = Rung(
            name: name, codec: codec, encoder: codec.defaultEncoder, width: width, height: height, maxFrameRate: nil, rateControl: control,
            speed: speed, profile: nil, level: nil, bitDepth: bitDepth, options: options)
        return RungPlan(
            rung: rung, width: width, height: height, frameDivisor: divisor, frameRate: frameRate / Rational(Int64(divisor)), frames: 0,
            level: level)
    }

    static func sound(_ codec: AudioCodec = .aac, stream: Int = 0, file: ContentHash? = nil, channels: Int = 2) -> AudioPlan {
        AudioPlan(
            name: "sound", file: file, stream: stream, format: AudioFormat(codec: codec, bitRate: 128_000, channels: channels),
            language: "und",
            label: "", role: .main, isDefault: true)
    }

    /// A packager's boxes are not this room's business.
    static let bare = SegmentDressing(segmentType: [], finishInit: { bytes, _ in bytes })

    /// A picture whose luma tells the frame's number: frame n is 16 + 3n all over, at most 72 of them.
    static func numbered(_ frames: Int, rate: String = "25", size: String = "64x48") -> String {
        "nullsrc=size=\(size):rate=\(rate),geq=lum='16+3*N':cb=128:cr=128,format=yuv420p,trim=end_frame=\(frames)"
    }

    /// Of a luma that went through an encoder.
    static func number(of luma: UInt8) -> Int { (Int(luma) - 15) / 3 }

    /// So fine that the numbers survive, and unlike lossless with B-frames.
    static let fine = ["-c:v", "libx264", "-crf", "2", "-preset", "superfast"]
}
