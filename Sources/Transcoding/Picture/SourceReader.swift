import Libav
import MediaModel

/// Decodes one stretch of a source's picture, beginning exactly where it was asked to, and proves that it did.
///
/// A seek is no promise: MP4's index holds decoding times, transport streams have none. So the packet index says which key packet comes
/// first, and packets are dropped until that very one comes by; if it does not, the file is read from its start.
final class SourceReader {
    private let path: String
    private let stream: Int
    private let index: FrameIndex
    private let access: VideoAccess
    private let frameRate: Rational
    private let start: Rational
    private var demuxer: Demuxer
    private var decoder: Decoder
    private let packet: Packet
    private var progress = Progress.untouched
    /// Presentation time of the key picture that decoding began with, until it came out; nil at the file's start.
    private var firstShown: Int64?
    private var decoded = 0
    /// Of all pictures that are shown, ascending.
    private lazy var shownTimes = index.packets.filter { !$0.isDiscarded }.compactMap(\.presentation).sorted()
    /// Decoding began at the file's very beginning, not at a key picture in the middle.
    private(set) var beganAtStart = true
    /// The caller's `onProgress` gave up: what came since is not the whole.
    private(set) var wasStopped = false
    /// What the decoder complained about, in words; at most a few.
    private(set) var damage: [String] = []

    /// How far reading has come.
    private enum Progress {
        /// Nothing was read yet.
        case untouched
        /// `begin` went to the key packet to decode from; it is in hand, and goes to the decoder first.
        case anchored
        case reading
        /// The file is at its end, and the decoder knows.
        case drained
    }

    init(path: String, video: VideoTrackInfo, index: FrameIndex) throws(LibavError) {
        self.path = path
        self.index = index
        stream = video.stream
        access = video.access
        frameRate = video.frameRate
        start = video.start
        demuxer = try Demuxer(path: path)
        demuxer.select([stream])
        decoder = try demuxer.decoder(forStream: stream)
        packet = try Packet()
        Log.beginCollecting()
    }

    /// Goes to where decoding must begin so that the last picture before `time` (seconds on the source's clock) comes out, with at
    /// least `margin` pictures before it where the source has them.
    /// - Parameter onProgress: told at every packet; returns false to give up.
    func begin(before time: Rational, margin: Int, onProgress: () -> Bool) throws(LibavError) {
        guard access == .seekable, let key = keyPacket(before: time, margin: margin) else { return try beginAtStart() }
        decoder.flush()
        progress = .reading
        beganAtStart = false
        do throws(LibavError) {
            try demuxer.seek(stream: stream, decoding: key.decoding ?? 0)
            progress = .anchored
            while try demuxer.read(into: packet) {
                if isSame(packet, as: key) {
                    firstShown = key.presentation
                    return
                }
                wasStopped = !onProgress()
                if wasStopped { return }
                if let decoding = packet.decoding, let wanted = key.decoding, decoding > wanted { break }
            }
        } catch {
            // A demuxer that cannot seek at all says so here; reading from the start is slower and always right.
        }
        try beginAtStart()
    }

    /// Reads from the very beginning.
    func beginAtStart() throws(LibavError) {
        beganAtStart = true
        guard progress != .untouched else { return }
        progress = .reading
        firstShown = nil
        decoded = 0
        demuxer = try Demuxer(path: path)
        demuxer.select([stream])
        decoder = try demuxer.decoder(forStream: stream)
        progress = .untouched
    }

    /// The key packet to decode from; nil where that is the first one anyway.
    private func keyPacket(before time: Rational, margin: Int) -> FrameIndex.Packet? {
        let limit = (time / index.timeBase).ceiling
        guard let earliest = shownTimes.prefix(while: { $0 < limit }).suffix(margin + 1).first else { return nil }
        let key = index.packets.filter { $0.isKey && ($0.presentation ?? .max) <= earliest }
            .max { ($0.presentation ?? .min) < ($1.presentation ?? .min) }
        guard let key, key != index.packets.first(where: \.isKey) else { return nil }
        return key
    }

    private func isSame(_ packet: borrowing Packet, as key: FrameIndex.Packet) -> Bool {
        if packet.presentation == key.presentation && packet.decoding == key.decoding { return true }
        return key.position >= 0 && packet.position == key.position && packet.byteCount == Int(key.byteCount)
    }

    /// Fills `frame` with the next decoded picture.
    /// - Parameter onProgress: told at every packet; returns false to give up.
    /// - Returns: when it is shown, in seconds on the source's clock; nil at the end.
    func next(into frame: borrowing Frame, onProgress: () -> Bool) throws(LibavError) -> Rational? {
        while true {
            do throws(LibavError) {
                if try decoder.receive(into: frame) {
                    if isLeading(frame.presentation) { continue }
                    firstShown = nil
                    noteDamage(frame)
                    if let time = time(of: frame) { return time }
                    continue
                }
            } catch {
                note(error.description)
                if progress == .drained { return nil }
            }
            wasStopped = !onProgress()
            if progress == .drained || wasStopped { return nil }
            try feed()
        }
    }

    /// Sends one more packet; a packet that the decoder refuses is damage, not the end.
    private func feed() throws(LibavError) {
        let isInHand = progress == .anchored
        progress = .reading
        if !isInHand {
            var more = false
            do throws(LibavError) { more = try demuxer.read(into: packet) } catch { note(error.description) }
            guard more else {
                progress = .drained
                return try decoder.finish()
            }
            if packet.isCorrupt { note("a packet is marked corrupt") }
        }
        let isLeading = isLeading(packet.presentation)
        do throws(LibavError) { try decoder.send(packet) } catch { if !isLeading { note(error.description) } }
        if isLeading { _ = Log.drain() }
    }

    /// Stored after the key picture that decoding began with, but shown before it: in an open group such pictures refer to what was not
    /// decoded. Nobody asked for them, and what the decoder says of them is no damage.
    private func isLeading(_ presentation: Int64?) -> Bool {
        guard let firstShown, let presentation else { return false }
        return presentation < firstShown
    }

    private func time(of frame: borrowing Frame) -> Rational? {
        defer { decoded += 1 }
        switch access {
        case .numbered: return start + Rational(Int64(decoded)) / frameRate
        case .seekable: return frame.presentation.map { Rational($0) * index.timeBase }
        case .sequential: return (frame.bestEffortPresentation ?? frame.presentation).map { Rational($0) * index.timeBase }
        }
    }

    private func noteDamage(_ frame: borrowing Frame) {
        for line in Log.drain() where line.isError { note(line.text) }
        if frame.isDamaged && damage.isEmpty { note("the decoder had to conceal part of a picture") }
    }

    private func note(_ text: String) {
        if damage.count < 5 && !damage.contains(text) { damage.append(text) }
    }
}
