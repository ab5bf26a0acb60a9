import MediaModel

/// One sound that the title will have, before it meets the preset's formats.
struct Sound {
    /// nil: a track of the source; else an outside file, which begins with the title's source.
    var file: ContentHash?
    var track: AudioTrackInfo
    /// What the manifest says of it; nil where the manifest names no sounds.
    var request: AudioRequest?
    /// From 1, in the title.
    var number: Int
    /// Where the clock of its file breaks and is followed.
    var joints: [ClockJoint] = []

    var isOfSource: Bool { file == nil }
    /// Seconds from its first sample to its last.
    var length: Rational { track.end - track.start }
    /// As a warning names it, which goes into the package: never by its file.
    var description: String {
        if isOfSource { return "sound \(number) (stream \(track.stream))" }
        let name = request?.label ?? request?.language
        return "sound \(number) (\(name.map { "\($0), " } ?? "")an outside file)"
    }
}

/// Chooses the sounds of a title: every one of the source, or those that the manifest lists, in its order.
enum SoundSelection {
    static func sounds(of request: TitleRequest, facts: TitleFacts, operation: String) throws(PlanningError) -> [Sound] {
        guard let wanted = request.audio else {
            return facts.source.audio.enumerated().map {
                Sound(file: nil, track: $1, request: nil, number: $0 + 1, joints: facts.source.joints(of: $1))
            }
        }
        var sounds: [Sound] = []
        for (index, entry) in wanted.enumerated() {
            sounds.append(try sound(entry, number: index + 1, of: request, facts: facts, operation: operation))
        }
        return sounds
    }

    private static func sound(
        _ entry: AudioRequest, number: Int, of request: TitleRequest, facts: TitleFacts, operation: String
    ) throws(PlanningError) -> Sound {
        switch entry.origin {
        case .track(let index):
            let tracks = facts.source.audio
            guard tracks.indices.contains(index) else {
                throw PlanningError(.audio, operation: operation, detail: missingTrack(index, of: tracks.count, in: request.shownSource))
            }
            return Sound(
                file: nil, track: tracks[index], request: entry, number: number, joints: facts.source.joints(of: tracks[index]))
        case .file(let name):
            let shown = RemoteAddress.shown(name)
            guard let info = facts.outsideAudio[name] else {
                throw PlanningError(.facts, operation: operation, detail: "\(shown) was not read before planning")
            }
            guard let track = info.audio.first else {
                throw PlanningError(.audio, operation: operation, detail: "\(shown) holds no sound; name another file in 'audio'")
            }
            let file = try facts.content(of: name, for: operation)
            return Sound(file: file, track: track, request: entry, number: number, joints: info.joints(of: track))
        }
    }

    private static func missingTrack(_ index: Int, of count: Int, in source: String) -> String {
        let has =
            switch count {
            case 0: "has no audio track: leave 'audio' out, or name a 'file'"
            case 1: "has one audio track: write 'track: 0'"
            default: "has \(count) audio tracks: write a track from 0 to \(count - 1)"
            }
        return "audio track \(index) does not exist: \(source) \(has)"
    }
}

extension SourceInfo {
    fileprivate func joints(of track: AudioTrackInfo) -> [ClockJoint] { joints.filter { $0.stream == track.stream } }
}
