import MediaModel

/// Holds every audio track of a source against the clock of its video: what never sounds while a picture is shown belongs to another
/// recording, and silence of any length is said.
enum AudioClock {
    /// Seconds that audio may begin after the last picture: a still that is held under it.
    private static let held = Rational(10)
    /// Seconds of silence between packets that are worth a word.
    private static let noticed = Rational(1)

    static func warnings(of sounds: [Sound], source: SourceInfo, operation: String) throws(PlanningError) -> [String] {
        for sound in sounds where sound.isOfSource {
            guard let video = source.video, video.end > video.start, isApart(sound.track, video) else { continue }
            throw PlanningError(
                .audio, operation: operation,
                detail: "\(name(sound, of: source)) lasts from \(clock(sound.track.start)) to \(clock(sound.track.end)) and the video from "
                    + "\(clock(video.start)) to \(clock(video.end)): its clock has nothing to do with the video's; "
                    + (source.audio.count > 1
                        ? "leave it out by listing the others under 'audio'"
                        : "bring it as a 'file' under 'audio', which begins with the video"))
        }
        return sounds.compactMap { sound in
            let silent = sound.length - sound.track.filled
            guard silent > noticed else { return nil }
            return "\(sound.description) has gaps of \(PlanText.seconds(silent)) s in all, which silence fills"
        }
    }

    private static func isApart(_ track: AudioTrackInfo, _ video: VideoTrackInfo) -> Bool {
        (track.end <= video.start && track.start < video.start) || track.start >= video.end + held
    }

    /// `audio track 1 (stream 2, fr)`, counted as the manifest counts.
    private static func name(_ sound: Sound, of source: SourceInfo) -> String {
        let number = source.audio.firstIndex { $0.stream == sound.track.stream } ?? 0
        return "audio track \(number) (stream \(sound.track.stream), \(sound.track.language ?? "no language"))"
    }

    private static func clock(_ time: Rational) -> String { "\(PlanText.seconds(time)) s" }
}
