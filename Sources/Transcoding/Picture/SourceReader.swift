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
    private var demuxer: Demuxer
    private var decoder: Decoder
    private let packet: Packet
    private var anchor: FrameIndex.Packet?
    private var isFinished = false
    private var decoded = 0
    /// What the decoder complained about, in words; at most a few.
    private(set) var damage: [String] = []

    init(path: String, video: VideoTrackInfo, index: FrameIndex) throws(LibavError) {
        self.path = path
        self.index = index
        stream = video.stream
        access = video.access
        frameRate = video.frameRate
        demuxer = try Demuxer(path: path)
        demuxer.select([stream])
        decoder = try demuxer.decoder(forStream: stream)
        packet = try Packet()
        Log.beginCollecting()
    }

    /// Goes to where decoding must begin so that the picture shown at `time` (seconds on the source's clock) comes out, with at least
    /// `margin` pictures before it where the source has them.
    func begin(at time: Rational, margin: Int) throws(LibavError) {
        guard access == .seekable, let key = keyPacket(before: time, margin: margin) else { return try beginAtStart() }
        decoder.flush()
        isFinished = false
        do throws(LibavError) {
            try demuxer.seek(stream: stream, decoding: key.decoding ?? 0)
            anchor = key
            while try demuxer.read(into: packet) {
                if isAnchor(packet) { return }
                if let decoding = packet.decoding, let wanted = key.decoding, decoding > wanted { break }
            }
        } catch {
            // A demuxer that cannot seek at all says so here; reading from the start is slower and always right.
        }
        try beginAtStart()
    }

    /// Reads from the very beginning.
    func beginAtStart() throws(LibavError) {
        anchor = nil
        isFinished = false
        decoded = 0
        demuxer = try Demuxer(path: path)
        demuxer.select([stream])
        decoder = try demuxer.decoder(forStream: stream)
    }

    /// The key packet to decode from; nil where that is the first one anyway.
    private func keyPacket(before time: Rational, margin: Int) -> FrameIndex.Packet? {
        let target = (time / index.timeBase).floor
        var shown = index.packets.filter { !$0.isDiscarded }.compactMap(\.presentation).filter { $0 <= target }.suffix(margin + 1)
        guard let earliest = shown.popFirst() else { return nil }
        let key = index.packets.filter { $0.isKey && ($0.presentation ?? .max) <= earliest }
            .max { ($0.presentation ?? .min) < ($1.presentation ?? .min) }
        guard let key, key != index.packets.first(where: \.isKey) else { return nil }
        return key
    }

    private func isAnchor(_ packet: borrowing Packet) -> Bool {
        guard let anchor else { return false }
        if packet.presentation == anchor.presentation && packet.decoding == anchor.decoding { return true }
        return anchor.position >= 0 && packet.position == anchor.position && packet.byteCount == Int(anchor.byteCount)
    }

    /// Fills `frame` with the next decoded picture.
    /// - Returns: when it is shown, in seconds on the source's clock; nil at the end.
    func next(into frame: borrowing Frame) throws(LibavError) -> Rational? {
        while true {
            do throws(LibavError) {
                if try decoder.receive(into: frame) {
                    noteDamage(frame)
                    if let time = time(of: frame) { return time }
                    continue
                }
            } catch {
                note(error.description)
                if isFinished { return nil }
            }
            if isFinished { return nil }
            try feed()
        }
    }

    /// Sends one more packet; a packet that the decoder refuses is damage, not the end.
    private func feed() throws(LibavError) {
        if anchor != nil {
            // The anchor is in hand since `begin`.
            anchor = nil
        } else {
            var more = false
            do throws(LibavError) { more = try demuxer.read(into: packet) } catch { note(error.description) }
            guard more else {
                isFinished = true
                return try decoder.finish()
            }
            if packet.isCorrupt { note("a packet is marked corrupt") }
        }
        do throws(LibavError) { try decoder.send(packet) } catch { note(error.description) }
    }

    private func time(of frame: borrowing Frame) -> Rational? {
        defer { decoded += 1 }
        switch access {
        case .numbered: return Rational(Int64(decoded)) / frameRate
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
