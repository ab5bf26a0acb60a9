import Libav
package import MediaModel

/// Reads the facts of one source: one pass over its packets for the index, and a few decoded frames for what only frames tell.
package struct SourceInspector {
    /// Raised when the same file gives other findings, so that kept ones are not used.
    package static let revision = 3

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
    private let streams: [MediaStream]

    /// - Parameters:
    ///   - fingerprint: of the file, where the caller knows it (`Fingerprint.ofFile`).
    ///   - onProgress: told after every packet; returns false to give up.
    package static func inspect(
        path: String, fingerprint: (sha256: String, bytes: Int64), onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> Findings {
        guard fingerprint.bytes > 0 else { throw TranscodingError(.unreadable, "read '\(path)'", "the file is empty") }
        let demuxer = try wrapping(.unreadable, "read '\(path)'") { () throws(LibavError) in try Demuxer(path: path) }
        return try SourceInspector(path: path, demuxer: demuxer).findings(onProgress) { fingerprint }
    }

    /// Fingerprints the file with the same read that makes the index.
    /// - Parameter onProgress: told after every packet, and every megabyte of what no packet needed; returns false to give up.
    package static func inspect(path: String, onProgress: () -> Bool = { true }) throws(TranscodingError) -> Findings {
        let hash = try FileHash(path: path)
        guard hash.byteCount > 0 else { throw TranscodingError(.unreadable, "read '\(path)'", "the file is empty") }
        let demuxer = try wrapping(.unreadable, "read '\(path)'") { () throws(LibavError) in
            try Demuxer(path: path) { bytes, offset in hash.see(bytes, at: offset) }
        }
        return try SourceInspector(path: path, demuxer: demuxer).findings(onProgress) { () throws(TranscodingError) in
            try hash.finish(onProgress)
        }
    }

    private init(path: String, demuxer: Demuxer) {
        self.path = path
        self.demuxer = demuxer
        streams = demuxer.streams
    }

    private func findings(
        _ onProgress: () -> Bool, fingerprint: () throws(TranscodingError) -> (sha256: String, bytes: Int64)
    ) throws(TranscodingError) -> Findings {
        let picture = try chosenPicture()
        let sounds = streams.filter { $0.kind == .audio && $0.isDecodable && $0.channels > 0 }
        if picture == nil && sounds.isEmpty { throw nothingUsable() }
        let scan = try PacketScan.run(
            demuxer, path: path, picture: picture?.index, sounds: sounds.map(\.index), onProgress: onProgress)
        var damage = scan.damage
        // A track that nobody decodes must not be left out without a word.
        for sound in streams where sound.kind == .audio && !(sound.isDecodable && sound.channels > 0) {
            damage.append("stream \(sound.index) is sound that cannot be decoded ('\(sound.codec)')")
        }
        var video: VideoTrackInfo?
        var index: FrameIndex?
        if let picture {
            guard !scan.packets.isEmpty else { throw TranscodingError(.damaged, "read '\(path)'", "its picture track holds no data") }
            let frameIndex = FrameIndex(timeBase: picture.timeBase, packets: scan.packets)
            let probe = try PictureProbe.run(path: path, stream: picture.index, index: frameIndex, onProgress: onProgress)
            let timing = FrameTiming(
                index: frameIndex, nominal: picture.averageFrameRate > .zero ? picture.averageFrameRate : picture.realFrameRate,
                packetsPerFrame: probe.packetsPerFrame, lastDuration: scan.lastDuration)
            video = VideoTrackInfo(picture, probe: probe, timing: timing)
            index = frameIndex
        }
        let audio = sounds.compactMap { sound in
            scan.sounds[sound.index].map {
                AudioTrackInfo(sound, start: Rational($0.start) * sound.timeBase, end: Rational($0.end) * sound.timeBase)
            }
        }
        if video == nil && audio.isEmpty { throw TranscodingError(.damaged, "read '\(path)'", "its tracks hold no data") }
        if let missing = missingLength(video: video, audio: audio) { damage.append(missing) }
        let subtitles = streams.filter { $0.kind == .subtitle }.map {
            SubtitleTrackInfo(stream: $0.index, codec: $0.codec, language: $0.language, label: $0.title, isForced: $0.isForced)
        }
        let fingerprint = try fingerprint()
        return Findings(
            source: SourceInfo(
                fingerprint: fingerprint.sha256, byteCount: fingerprint.bytes, container: demuxer.formatName,
                declaredDuration: demuxer.duration,
                video: video, audio: audio, subtitles: subtitles, damage: damage),
            index: index)
    }

    /// The default track, else the largest; cover art never.
    private func chosenPicture() throws(TranscodingError) -> MediaStream? {
        let pictures = streams.filter { $0.kind == .video && !$0.isStill }
        if let locked = streams.first(where: { $0.isEncrypted }) {
            throw TranscodingError(.encrypted, "read '\(path)'", "stream \(locked.index) is encrypted; bring the clear master")
        }
        let usable = pictures.filter { $0.isDecodable }
        if usable.isEmpty, let picture = pictures.first {
            throw TranscodingError(.unreadable, "read '\(path)'", "this FFmpeg has no decoder for its picture ('\(picture.codec)')")
        }
        let byChoice = usable.filter { $0.isDefault }
        let candidates = byChoice.count == 1 ? byChoice : usable
        return candidates.max { ($0.width * $0.height, -$0.index) < ($1.width * $1.height, -$1.index) }
    }

    private func nothingUsable() -> TranscodingError {
        let codecs = streams.map { "'\($0.codec)'" }.joined(separator: ", ")
        return TranscodingError(
            .unreadable, "read '\(path)'", "it has no picture and no sound that this FFmpeg decodes (streams: \(codecs))")
    }

    /// A file cut short declares more than it holds.
    private func missingLength(video: VideoTrackInfo?, audio: [AudioTrackInfo]) -> String? {
        guard let declared = declaredLength(video: video, audio: audio), declared > .zero else { return nil }
        let starts = audio.map(\.start) + (video.map { [$0.start] } ?? [])
        let ends = audio.map(\.end) + (video.map { [$0.end] } ?? [])
        guard let start = starts.min(), let end = ends.max() else { return nil }
        // Some containers count from 0, others from their first packet.
        let missing = declared - max(end - start, end)
        // One percent of a short clip is less than a frame of sound: a quarter of a second is no cut.
        guard missing > Rational(1) || (missing > declared / Rational(100) && missing > Rational(1, 4)) else { return nil }
        return "it declares \(seconds(declared)) and holds \(seconds(declared - missing)): the file was cut short"
    }

    /// What the tracks in use declare; where they say nothing, what the container does (which counts tracks that are not used as well).
    private func declaredLength(video: VideoTrackInfo?, audio: [AudioTrackInfo]) -> Rational? {
        let used = Set(audio.map(\.stream) + (video.map { [$0.stream] } ?? []))
        let lengths = streams.filter { used.contains($0.index) }.map { stream in stream.duration.map { Rational($0) * stream.timeBase } }
        let known = lengths.compactMap { $0 }
        return known.count == lengths.count && demuxer.duration != nil ? known.max() : demuxer.duration
    }

    private func seconds(_ time: Rational) -> String { "\(Double((time * Rational(1000)).rounded) / 1000) s" }
}

extension VideoTrackInfo {
    init(_ stream: MediaStream, probe: PictureProbe, timing: FrameTiming) {
        self.init(
            stream: stream.index, codec: stream.codec, width: probe.shape.width, height: probe.shape.height,
            sampleAspectRatio: probe.shape.sampleAspectRatio > .zero
                ? probe.shape.sampleAspectRatio : (stream.sampleAspectRatio > .zero ? stream.sampleAspectRatio : .one),
            orientation: stream.orientation, pixelFormat: probe.shape.pixelFormatName,
            bitDepth: PixelFormat(probe.shape.pixelFormatName)?.bitDepth ?? 8, color: probe.color, isInterlaced: probe.isInterlaced,
            frameRate: timing.frameRate, averageFrameRate: timing.averageFrameRate, hasConstantFrameRate: timing.isConstant,
            frames: timing.frames, start: timing.start, end: timing.end, access: timing.access)
    }
}

extension AudioTrackInfo {
    init(_ stream: MediaStream, start: Rational, end: Rational) {
        self.init(
            stream: stream.index, codec: stream.codec, sampleRate: stream.sampleRate, channels: stream.channels, layout: stream.layout,
            language: stream.language, label: stream.title, isDefault: stream.isDefault, isCommentary: stream.isCommentary, start: start,
            end: end)
    }
}
