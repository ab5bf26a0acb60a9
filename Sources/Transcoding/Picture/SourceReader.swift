import Libav
import MediaModel

/// Decodes one stretch of a source's picture, beginning exactly where it was asked to, and proves that it did.
///
/// A seek is no promise: MP4's index holds decoding times, transport streams have none. So the packet index says which key packet comes
/// first, and packets are dropped until that very one comes by; if it does not, the file is read from its start. Each packet goes to the
/// decoder under its number in the index, and the frame comes back with it: a picture that does not decode moves no other one's time.
final class SourceReader {
    private let path: String
    private let stream: Int
    private let index: FrameIndex
    private let access: VideoAccess
    /// Numbers of the packets that show a picture, in the order in which they are shown.
    private let order: [Int]
    private let hasHead: Bool
    /// Of a transport stream whose decoder does not notice what is missing; nil: the decoder, or nobody, tells.
    private let watchedPID: Int?
    /// How many packets from here on may be the one that was marked.
    private var suspects = 0
    private let joints: [ClockJoint]
    private var demuxer: Demuxer
    private var decoder: Decoder
    private let packet: Packet
    private var progress = Progress.untouched
    /// Presentation time of the key picture that decoding began with, until it came out; nil at the file's start.
    private var firstShown: Int64?
    /// Number of the packet that is read next.
    private var nextPacket = 0
    /// Where in `order` the next frame is expected.
    private var nextPlace = 0
    /// Decoding began at the file's very beginning, not at a key picture in the middle.
    private(set) var beganAtStart = true
    /// The caller's `onProgress` gave up: what came since is not the whole.
    private(set) var wasStopped = false
    /// The file begins in the middle of a group of pictures, and reading with it: until the first key picture nothing is decoded.
    private var awaitsKey = false
    private var tally: DamageTally
    /// When the picture is shown whose packet the decoder has in work; nil where nobody knows.
    private var inWork: Rational?
    private var isLastInWork = false
    /// Damage before this moment is told of by whoever shows those pictures; nil: all is told.
    private var countsFrom: Rational?
    /// The file's last packet is incomplete, as a recording's is that was stopped.
    private var endsEarly = false

    /// What harmed the pictures, in words; empty where all were whole.
    var damage: [String] { tally.lines }
    /// What is worth a word and no damage.
    var notes: [String] {
        endsEarly ? ["stream \(stream): the file ends in the middle of its last picture, which is left out"] : []
    }

    /// Codecs whose decoders find out that a part of a picture is missing.
    private static let tellingCodecs: Set = ["h264", "mpeg1video", "mpeg2video", "mpeg4", "h263", "mjpeg"]

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

    /// - Parameters:
    ///   - order: numbers of the packets that show a picture, in the order in which they are shown.
    ///   - joints: where the source's clock breaks and is followed.
    init(path: String, video: VideoTrackInfo, index: FrameIndex, order: [Int], joints: [ClockJoint]) throws(LibavError) {
        self.path = path
        self.joints = joints
        self.index = index
        self.order = order
        stream = video.stream
        access = video.access
        demuxer = try Demuxer(path: path)
        demuxer.follow(joints)
        demuxer.select([stream])
        decoder = try demuxer.decoder(forStream: stream)
        packet = try Packet()
        tally = DamageTally(stream: stream, unit: "pictures", zero: video.start)
        hasHead = video.storedStart != nil
        let tells = SourceReader.tellingCodecs.contains(video.codec) || demuxer.formatName != "mpegts"
        watchedPID = tells ? nil : demuxer.streams[stream].identifier
        awaitsKey = hasHead
        firstShown = hasHead ? time(ofPacket: order.first) : nil
        Log.beginCollecting()
    }

    /// Counts only damage from `time` on (seconds on the source's clock).
    func countDamage(from time: Rational?) { countsFrom = time }

    /// Goes to where decoding must begin so that the picture at `place` of the order comes out, with at least `margin` pictures before it
    /// where the source has them.
    /// - Parameter onProgress: told at every packet; returns false to give up.
    func begin(at place: Int, margin: Int, onProgress: () -> Bool) throws(LibavError) {
        guard access == .seekable, let number = keyPacket(before: place, margin: margin) else { return try beginAtStart() }
        let key = index.packets[number]
        decoder.flush()
        progress = .reading
        beganAtStart = false
        awaitsKey = false
        do throws(LibavError) {
            try demuxer.seek(stream: stream, decoding: key.decoding ?? 0)
            progress = .anchored
            while try demuxer.read(into: packet) {
                if isSame(packet, as: key) {
                    firstShown = key.presentation
                    nextPacket = number
                    nextPlace = order.firstIndex(of: number) ?? 0
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
        firstShown = hasHead ? time(ofPacket: order.first) : nil
        awaitsKey = hasHead
        (nextPacket, nextPlace) = (0, 0)
        demuxer = try Demuxer(path: path)
        demuxer.follow(joints)
        demuxer.select([stream])
        decoder = try demuxer.decoder(forStream: stream)
        progress = .untouched
    }

    /// Number of the key packet to decode from; nil where that is the first one anyway.
    private func keyPacket(before place: Int, margin: Int) -> Int? {
        guard order.indices.contains(place), let earliest = index.packets[order[max(0, place - margin)]].presentation else { return nil }
        let key = index.packets.indices.filter { index.packets[$0].isKey && (index.packets[$0].presentation ?? .max) <= earliest }
            .max { (index.packets[$0].presentation ?? .min) < (index.packets[$1].presentation ?? .min) }
        return key == index.packets.firstIndex(where: \.isKey) ? nil : key
    }

    private func isSame(_ packet: borrowing Packet, as known: FrameIndex.Packet) -> Bool {
        let stated = known.isInferred ? nil : known.presentation
        if packet.presentation == stated && packet.decoding == known.decoding && stated ?? known.decoding != nil { return true }
        return known.position >= 0 && packet.position == known.position && packet.byteCount == Int(known.byteCount)
    }

    /// The file gives the same packets in the same order each time; where a demuxer left some out, the next ones say which.
    private func numberOfPacket() -> Int {
        let near = index.packets.indices[min(nextPacket, index.packets.count)...].prefix(16)
        return near.first { isSame(packet, as: index.packets[$0]) } ?? nextPacket
    }

    private func isLast(_ packet: borrowing Packet) -> Bool {
        guard let last = index.packets.last, packet.byteCount == Int(last.byteCount) else { return false }
        return last.position >= 0 ? packet.position == last.position : last.presentation != nil && isSame(packet, as: last)
    }

    /// Fills `frame` with the next decoded picture.
    /// - Parameter onProgress: told at every packet; returns false to give up.
    /// - Returns: the number of the packet that it was made of; nil at the end.
    func next(into frame: borrowing Frame, onProgress: () -> Bool) throws(LibavError) -> Int? {
        while true {
            do throws(LibavError) {
                if try decoder.receive(into: frame) {
                    let number = frame.presentation.map { Int($0) }
                    let time = time(ofPacket: number)
                    if isLeading(time) { continue }
                    firstShown = nil
                    if frame.isDamaged {
                        note("", at: time.map { Rational($0) * index.timeBase })
                        // Half a picture at the very end is not shown.
                        if isLastInWork && endsEarly { continue }
                    }
                    if let shown = picture(number) { return shown }
                    continue
                }
            } catch {
                note(error.cause, at: inWork)
                if progress == .drained { return nil }
            }
            noteLines()
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
            do throws(LibavError) { more = try demuxer.read(into: packet) } catch { note(error.cause, at: inWork) }
            // The demuxer's lines were judged when the file was inspected; parsers speak of what the decoder will see. The mark of a
            // corrupt packet gets lost where a parser cuts it anew, and the parser runs ahead.
            let isMarked = Log.drain().contains { $0.text.contains("Packet corrupt (stream = \(stream),") }
            if isMarked || packet.isCorrupt { suspects = 4 }
            guard more else {
                progress = .drained
                return try decoder.finish()
            }
        }
        let number = numberOfPacket()
        nextPacket = number + 1
        if awaitsKey && !packet.isKey { return }
        awaitsKey = false
        let time = time(ofPacket: number)
        let isLeading = isLeading(time)
        inWork = (time ?? packet.decoding).map { Rational($0) * index.timeBase }
        isLastInWork = isLast(packet)
        packet.mark(number)
        suspects = max(0, suspects - 1)
        if let watchedPID, suspects > 0, !isLeading {
            let position = packet.position
            let next = index.packets.lazy.map(\.position).filter { $0 > position }.min()
            if TransportCounters.areBroken(path: path, pid: watchedPID, from: position, to: next) {
                note("\(demuxer.formatName): packets are missing within it", at: inWork)
            }
        }
        do throws(LibavError) { try decoder.send(packet) } catch { if !isLeading { note(error.cause, at: inWork) } }
        if isLeading { _ = Log.drain() }
    }

    /// Stored after the key picture that decoding began with, but shown before it: in an open group such pictures refer to what was not
    /// decoded. Nobody asked for them, and what the decoder says of them is no damage.
    private func isLeading(_ presentation: Int64?) -> Bool {
        guard let firstShown, let presentation else { return false }
        return presentation < firstShown
    }

    /// The packet whose picture a frame is: by its number, or by order where numbers do not tell. nil for one too many.
    private func picture(_ number: Int?) -> Int? {
        let isCounted = access == .numbered || access == .counted
        defer { nextPlace += 1 }
        if !isCounted, let number { return number }
        return nextPlace < order.count ? order[nextPlace] : nil
    }

    /// When its picture is shown, in ticks; nil where nobody knows.
    private func time(ofPacket number: Int?) -> Int64? {
        number.flatMap { index.packets.indices.contains($0) ? index.packets[$0].presentation : nil }
    }

    /// What the decoder logged about the packet that it has in work.
    private func noteLines() {
        for line in Log.drain() where line.isError && LibraryComplaint.concernsMedia(line.text) { note(line.text, at: inWork) }
    }

    private func note(_ words: String, at time: Rational?) {
        if isLastInWork, time == nil || time == inWork {
            endsEarly = true
            return
        }
        if let time, let countsFrom, time < countsFrom { return }
        tally.note(words, at: time)
    }
}
