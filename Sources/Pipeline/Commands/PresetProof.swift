import MediaModel
import Planning
import Transcoding

/// Proves a preset without a source: plans it for a picture that fills its largest rung, and opens every encoder with exactly its options.
enum PresetProof {
    static func diagnostics(_ document: PresetDocument) -> [Diagnostic] {
        MediaLibraries.prepare()
        var found: [Diagnostic] = []
        for (index, rung) in document.preset.rungs.enumerated() {
            do {
                let plan = try fitted(rung, of: document.preset)
                try EncoderProof.prove(plan, color: .bt709)
            } catch {
                found.append(document.diagnostic(rung: index, message: FailureReason.line(error)))
            }
        }
        for (index, format) in document.preset.audio.enumerated() {
            do { try EncoderProof.prove(format) } catch {
                found.append(document.diagnostic(sound: index, message: FailureReason.line(error)))
            }
        }
        return found
    }

    /// The rung as it becomes for a source of its own size at 30 frames per second, level and all.
    private static func fitted(_ rung: Rung, of preset: Preset) throws -> RungPlan {
        var alone = preset
        alone.rungs = [rung]
        alone.images = nil
        let rate = Rational(30)
        let video = VideoTrackInfo(
            stream: 0, codec: "rawvideo", width: rung.width, height: rung.height, sampleAspectRatio: .one, orientation: .upright,
            pixelFormat: "yuv420p", bitDepth: 8, color: .bt709, isInterlaced: false, frameRate: rate, averageFrameRate: rate,
            hasConstantFrameRate: true, frames: 60, start: .zero, end: Rational(2), access: .sequential)
        let source = SourceInfo(
            fingerprint: "", byteCount: 0, container: "", declaredDuration: nil, video: video, audio: [], subtitles: [], damage: [])
        let request = TitleRequest(
            id: "proof", source: "", preset: alone, trim: Trim(), acceptsDamage: false, metadata: TitleMetadata(name: "", kind: .clip),
            artwork: nil, audio: nil, subtitles: [], place: "")
        let plan = try AssetPlanner.plan(request, facts: TitleFacts(source: source, index: nil), libraries: [])
        guard let rung = plan.rungs.first else {
            throw PipelineError(.document, "plan the rung '\(rung.name)'", plan.dropped.first?.reason ?? "it is dropped")
        }
        return rung
    }
}
