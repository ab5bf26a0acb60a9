import Libav
import MediaModel

/// Where reading of an audio track begins: at the file's start, or shortly before the title's, where that is exact and saves much.
struct AudioEntrance {
    let demuxer: Demuxer
    let decoder: Decoder
    let timeBase: Rational

    /// Containers in which a seek for uncompressed samples lands on the very sample that it says.
    private static let exact: Set<String> = ["wav", "w64", "aiff", "caf", "au", "mov"]
    /// Seconds that are worth a seek.
    private static let worthwhile = Rational(30)
    /// Seconds read before the title begins, so that a resampler has run in.
    private static let margin = Rational(1)

    init(path: String, audio: AudioPlan, origin: Rational) throws(LibavError) {
        var demuxer = try AudioEntrance.open(path, audio)
        let stream = demuxer.streams[audio.stream]
        let start = Rational(stream.start ?? 0) * stream.timeBase
        // Uncompressed samples depend on nothing before them.
        let canSeek =
            stream.codec.hasPrefix("pcm_") && !Self.exact.isDisjoint(with: demuxer.formatName.split(separator: ",").map(String.init))
        if canSeek, audio.joints.isEmpty, origin - start > Self.worthwhile {
            let wanted = ((origin - Self.margin) / stream.timeBase).floor
            if try !AudioEntrance.seeks(demuxer, stream: audio.stream, to: wanted) { demuxer = try AudioEntrance.open(path, audio) }
        }
        self.demuxer = demuxer
        decoder = try demuxer.decoder(forStream: audio.stream)
        timeBase = stream.timeBase
    }

    private static func open(_ path: String, _ audio: AudioPlan) throws(LibavError) -> Demuxer {
        let demuxer = try Demuxer(path: path)
        demuxer.follow(audio.joints)
        demuxer.select([audio.stream])
        return demuxer
    }

    /// Goes to `wanted`, in ticks, and looks whether it came there; the packet that shows it is read again.
    private static func seeks(_ demuxer: Demuxer, stream: Int, to wanted: Int64) throws(LibavError) -> Bool {
        let packet = try Packet()
        do throws(LibavError) {
            try demuxer.seek(stream: stream, decoding: wanted)
            guard try demuxer.read(into: packet), let found = packet.presentation, found <= wanted else { return false }
            try demuxer.seek(stream: stream, decoding: wanted)
            return true
        } catch {
            // Reading from the start is slower and always right.
            return false
        }
    }
}
