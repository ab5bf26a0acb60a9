import ArgumentParser
import Foundation
import MediaModel
import Pipeline

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "probe", abstract: "Prints the facts of a source.")

    @Argument(help: "The source.") var file: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        Terminal.exiting {
            let source = try Probe.run(path: file)
            Terminal.print(json ? try Probe.json(source) : Self.text(source))
            return 0
        }
    }

    private static func text(_ source: SourceInfo) -> String {
        var lines = ["\(source.container), \(source.byteCount) bytes, sha256 \(source.fingerprint)"]
        if let video = source.video {
            let rate = video.hasConstantFrameRate ? "\(video.frameRate) fps" : "variable, \(video.averageFrameRate.rounded) fps on average"
            let turned =
                video.orientation == .upright
                ? "" : ", turned by \(video.orientation.clockwise)\(video.orientation.mirrored ? " and mirrored" : "")"
            lines.append(
                "video: \(video.codec) \(video.width)x\(video.height) \(video.pixelFormat), \(rate), \(video.frames) frames"
                    + range(video.color)
                    + (video.isInterlaced ? ", interlaced" : "") + turned
                    + (video.sampleAspectRatio == .one ? "" : ", pixels \(video.sampleAspectRatio)")
                    + ", \(seconds(video.start)) to \(seconds(video.end))")
        }
        for track in source.audio {
            lines.append(
                "audio: \(track.codec) \(track.layout) \(track.sampleRate) Hz \(track.language ?? "und")"
                    + (track.isDefault ? ", default" : "") + ", \(seconds(track.start)) to \(seconds(track.end))")
        }
        for track in source.subtitles {
            lines.append("subtitle: \(track.codec) \(track.language ?? "und")\(track.isForced ? ", forced" : "")")
        }
        for fault in source.damage { lines.append("damage: \(fault)") }
        return lines.joined(separator: "\n")
    }

    /// Dynamic range, where it is not the usual one (ISO/IEC 23091-2, transfer characteristics).
    private static func range(_ color: ColorTags) -> String {
        switch color.transfer {
        case 16: ", HDR (PQ)"
        case 18: ", HDR (HLG)"
        default: ""
        }
    }

    private static func seconds(_ time: Rational) -> String { "\(Double((time * Rational(1000)).rounded) / 1000) s" }
}
