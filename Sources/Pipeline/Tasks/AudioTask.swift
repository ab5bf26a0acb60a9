import MediaModel
import Planning
import Transcoding

/// One audio track in one format, encoded whole.
struct AudioTask: TitleTask {
    static let kind = "audio"
    static let stage = TitleStage.sound

    struct Inputs: Codable, Hashable, Sendable {
        var file: ContentHash
        var stream: Int
        var isOutside: Bool
        var origin: Rational
        var videoStart: Rational?
        var grid: SegmentGrid
        var format: AudioFormat
        var mixdownGain: Rational
        var acceptsDamage: Bool
        /// Samples by which it is composed later than it sounds, as the title's video is.
        var compositionDelay: Int64
    }

    typealias Record = MediaRecord

    /// In the plan.
    var number: Int
    var inputs: Inputs

    var label: String { "encode audio \(number + 1)" }

    static func all(of title: TitleGraph) -> [AudioTask] {
        let plan = title.plan
        return plan.audio.enumerated().map { number, audio in
            AudioTask(
                number: number,
                inputs: Inputs(
                    file: audio.file ?? ContentHash(plan.source.fingerprint), stream: audio.stream, isOutside: audio.file != nil,
                    origin: plan.origin, videoStart: plan.source.video?.start, grid: SegmentGrid(plan.grid), format: audio.format,
                    mixdownGain: audio.mixdownGain, acceptsDamage: plan.acceptsDamage,
                    compositionDelay: plan.compositionDelay(timescale: Int64(audio.format.sampleRate))))
        }
    }

    func seconds(_ costs: TaskCosts) -> Double { costs.sounds[number] }

    func make(into folder: String, _ title: OpenTitle) throws -> MediaRecord {
        let audio = title.plan.audio[number]
        let frames = max(1, title.plan.grid.duration.approximate * Double(audio.format.sampleRate) / 1024)
        var done = 0.0
        return try title.reading([inputs.file]) { files in
            try SoundEncoder.run(
                audio, path: files[0].path, plan: title.plan, folder: folder, dressing: .cmaf,
                onFrame: {
                    done += 1
                    return title.goesOn(min(1, done / frames))
                }, onProgress: { title.goesOn() })
        }
    }
}
