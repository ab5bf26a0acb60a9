import Libav
package import MediaModel

/// Reads the facts of one source: one pass over its packets for the index, and a few decoded frames for what only frames tell.
package struct SourceInspector {
    /// Raised when the same file gives other findings, so that kept ones are not used.
    package static let revision = 7

    /// What an inspection brings: facts for the plan, the index for plan, chunks and seeking.
    package struct Findings: Hashable, Sendable, Codable {
        package var source: SourceInfo
        /// nil without a picture.
        package var index: FrameIndex?

        package init(source: SourceInfo, index: FrameIndex?) {
            self.source = source
            self.index = index
        }
    }

    private let path: String
    private let demuxer: Demuxer
    private let breaks: AnnouncedBreaks
    private let streams: [MediaStream]
    private let program: Int?

    /// - Parameters:
    ///   - fingerprint: of the file, where the caller knows it (`Fingerprint.ofFile`).
    ///   - program: number of the program to use, in a transport stream; nil: that of the main picture.
    ///   - onProgress: told after every packet; returns false to give up.
    package static func inspect(
        path: String, fingerprint: (sha256: String, bytes: Int64), program: Int? = nil, onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> Findings {
        guard fingerprint.bytes > 0 else { throw TranscodingError(.unreadable, "read '\(path)'", "the file is empty") }
        let breaks = AnnouncedBreaks()
        let demuxer = try wrapping(.unreadable, "read '\(path)'") { () throws(LibavError) in
            try Demuxer(path: path) { bytes, offset in breaks.see(bytes, at: offset) }
        }
        return try SourceInspector(path: path, demuxer: demuxer, breaks: breaks, program: program).findings(onProgress) { fingerprint }
    }

    /// Fingerprints the file with the same read that makes the index.
    /// - Parameters:
    ///   - program: number of the program to use, in a transport stream; nil: that of the main picture.
    ///   - onProgress: told after every packet, and every megabyte of what no packet needed; returns false to give up.
    package static func inspect(
        path: String, program: Int? = nil, onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> Findings {
        let hash = try FileHash(path: path)
        guard hash.byteCount > 0 else { throw TranscodingError(.unreadable, "read '\(path)'", "the file is empty") }
        let breaks = AnnouncedBreaks()
        let demuxer = try wrapping(.unreadable, "read '\(path)'") { () throws(LibavError) in
            try Demuxer(path: path) { bytes, offset in
                hash.see(bytes, at: offset)
                breaks.see(bytes, at: offset)
            }
        }
        let inspector = try SourceInspector(path: path, demuxer: demuxer, breaks: breaks, program: program)
        return try inspector.findings(onProgress) { () throws(TranscodingError) in try hash.finish(onProgress) }
    }

    private init(path: String, demuxer: Demuxer, breaks: AnnouncedBreaks, program: Int?) throws(TranscodingError) {
        self.path = path
        self.demuxer = demuxer
        self.breaks = breaks
        self.program = program
        let programs = ProgramChoice(demuxer)
        if let program, !programs.numbers.contains(program) {
            throw TranscodingError(.unsupported, "read '\(path)'", programs.refusal(of: program))
        }
        streams = demuxer.streams.filter { programs.has(program, stream: $0.index) }
    }

    private func findings(
        _ onProgress: () -> Bool, fingerprint: () throws(TranscodingError) -> (sha256: String, bytes: Int64)
    ) throws(TranscodingError) -> Findings {
        if let locked = streams.first(where: { $0.isEncrypted }) {
            throw TranscodingError(.encrypted, "read '\(path)'", "stream \(locked.index) is encrypted; bring the clear master")
        }
        let pictures = streams.filter { $0.kind == .video && !$0.isStill }
        let heard = streams.filter { $0.kind == .audio && $0.isDecodable && $0.channels > 0 }
        if pictures.isEmpty && heard.isEmpty { throw nothingUsable() }
        let scan = try PacketScan.run(
            demuxer, path: path, breaks: breaks, pictures: pictures, sounds: heard.map(\.index), onProgress: onProgress)
        var damage = scan.damage
        var notes: [String] = []
        let choice = PictureChoice(pictures.map { PictureChoice.Candidate($0, scan.pictures[$0.index]) })
        if let picture = choice.main?.stream, !picture.isDecodable {
            throw TranscodingError(.unreadable, "read '\(path)'", "this FFmpeg has no decoder for its picture ('\(picture.codec)')")
        }
        // The sound belongs to the picture's program.
        let programs = ProgramChoice(demuxer)
        let inUse = program ?? choice.main.flatMap { programs.number(of: $0.stream.index) }
        let members = streams.filter { programs.has(inUse, stream: $0.index) }
        let sounds = heard.filter { sound in members.contains { $0.index == sound.index } }
        if let note = programs.note(using: inUse, wasAsked: program != nil) { notes.append(note) }
        // A track that nobody decodes must not be left out without a word.
        for sound in members where sound.kind == .audio && !(sound.isDecodable && sound.channels > 0) {
            damage.append("stream \(sound.index) is sound that cannot be decoded ('\(sound.codec)')")
        }
        if let sequel = choice.sequel, members.contains(where: { $0.index == sequel.stream.index }) {
            damage.append(
                "the picture goes on in stream \(sequel.stream.index), from \(seconds(sequel.start - (choice.main?.start ?? .zero))) on, "
                    + "and one stream alone is used: join them first")
        }
        var video: VideoTrackInfo?
        var index: FrameIndex?
        if let picture = choice.main?.stream, let track = scan.pictures[picture.index], !track.packets.isEmpty {
            let study = try PictureStudy(path: path, picture, track, onProgress: onProgress)
            damage += study.damage
            notes += study.notes
            (video, index) = (study.video, study.index)
        } else if !pictures.isEmpty && sounds.isEmpty {
            throw TranscodingError(.damaged, "read '\(path)'", "its picture track holds no data")
        } else if let empty = pictures.first {
            damage.append("stream \(empty.index), a picture, holds no data")
        }
        let audio = sounds.compactMap { sound in
            scan.sounds[sound.index].map {
                AudioTrackInfo(
                    sound, start: Rational($0.start) * sound.timeBase, end: Rational($0.end) * sound.timeBase,
                    filled: Rational($0.end - $0.start - $0.silent) * sound.timeBase)
            }
        }
        if video == nil && audio.isEmpty { throw TranscodingError(.damaged, "read '\(path)'", "its tracks hold no data") }
        let clock = scan.clocks.first { $0.streams.contains(video?.stream ?? audio[0].stream) }
        damage += clock?.damage ?? []
        notes += clock?.notes ?? []
        // A clock that breaks leaves nothing to hold a declared length against.
        if clock?.joints.isEmpty ?? true, let missing = try missingLength(video: video, audio: audio, onProgress) { damage.append(missing) }
        if clock?.joints.isEmpty ?? true, let joined = joinedRecording(index) { damage.append(joined) }
        let subtitles = members.filter { $0.kind == .subtitle }.map {
            SubtitleTrackInfo(stream: $0.index, codec: $0.codec, language: $0.language, label: $0.title, isForced: $0.isForced)
        }
        let fingerprint = try fingerprint()
        var source = SourceInfo(
            fingerprint: fingerprint.sha256, byteCount: fingerprint.bytes, container: demuxer.formatName,
            declaredDuration: demuxer.duration,
            video: video, audio: audio, subtitles: subtitles, damage: damage)
        source.notes = notes
        source.joints = clock?.joints ?? []
        source.programs = programs.facts
        source.program = inUse
        source.chosenProgram = program
        return Findings(source: source, index: index)
    }

    /// What is said of a file that holds two recordings, of which one is read. Fragments that go on behind a header that is repeated are
    /// one recording; where libavformat hides them, they are not.
    private func joinedRecording(_ index: FrameIndex?) -> String? {
        guard let second = SecondHeader.find(in: path, container: demuxer.formatName) else { return nil }
        let hidden = index?.packets.count(where: \.isDiscarded) ?? 0
        guard !second.isFragmented || hidden > 0 else { return nil }
        return "another recording begins at byte \(second.position), and one alone is read: cut the file there, or join the parts anew"
    }

    private func nothingUsable() -> TranscodingError {
        let codecs = streams.map { "'\($0.codec)'" }.joined(separator: ", ")
        return TranscodingError(
            .unreadable, "read '\(path)'", "it has no picture and no sound that this FFmpeg decodes (streams: \(codecs))")
    }

    /// A file cut short declares more than it holds.
    private func missingLength(
        video: VideoTrackInfo?, audio: [AudioTrackInfo], _ onProgress: () -> Bool
    ) throws(TranscodingError) -> String? {
        let starts = audio.map(\.start) + (video.map { [$0.storedStart ?? $0.start] } ?? [])
        let ends = audio.map(\.end) + (video.map { [$0.end] } ?? [])
        guard let start = starts.min(), let end = ends.max() else { return nil }
        // Some containers count from 0, others from their first packet.
        let held = max(end - start, end)
        let used = Set(audio.map(\.stream) + (video.map { [$0.stream] } ?? []))
        let length = DeclaredLength(demuxer, used: used)
        guard let declared = length.seconds(held: held) else { return nil }
        let missing = declared - held
        // One percent of a short clip is less than a frame of sound: a quarter of a second is no cut.
        func isCut(_ missing: Rational) -> Bool {
            missing > Rational(1) || (missing > declared / Rational(100) && missing > Rational(1, 4))
        }
        guard isCut(missing) else { return nil }
        // The container speaks for all its tracks: one that is not used may be what lasts so long.
        if length.isOfContainer, let other = try OtherTracks.end(path: path, not: used, onProgress: onProgress) {
            guard isCut(declared - max(other, other - start)) else { return nil }
        }
        return "it declares \(seconds(declared)) and holds \(seconds(held)): the file was cut short"
    }

    private func seconds(_ time: Rational) -> String { "\(Double((time * Rational(1000)).rounded) / 1000) s" }
}
