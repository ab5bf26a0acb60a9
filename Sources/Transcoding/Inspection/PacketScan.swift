import Libav
import MediaModel

/// One pass over every packet of a file, without decoding.
struct PacketScan {
    /// Of every picture track that was asked for.
    var pictures: [Int: Picture] = [:]
    /// First and last moment of each audio track, and how much between them no packet fills, in its ticks.
    var sounds: [Int: (start: Int64, end: Int64, silent: Int64)] = [:]
    /// Of each program, or of all streams together: where its clock breaks.
    var clocks: [RecordingClock] = []
    var damage: [String] = []

    /// Reads the file once; a second time, with its clocks followed, where one breaks.
    /// - Parameters:
    ///   - breaks: is lent every byte that the demuxer reads.
    ///   - onProgress: told after every packet; returns false to give up.
    static func run(
        _ demuxer: Demuxer, path: String, breaks: AnnouncedBreaks, pictures: [MediaStream], sounds: [Int], onProgress: () -> Bool
    ) throws(TranscodingError) -> PacketScan {
        var clocks = RecordingClock.all(demuxer, streams: Set(sounds + pictures.map(\.index)))
        var scan = try pass(demuxer, path: path, pictures: pictures, sounds: sounds, onProgress: onProgress) { packet in
            for place in clocks.indices { clocks[place].see(packet, breaks) }
        }
        for place in clocks.indices { clocks[place].judge(demuxer) }
        let joints = clocks.flatMap(\.joints)
        if !joints.isEmpty {
            let again = try wrapping(.unreadable, "read '\(path)'") { () throws(LibavError) in try Demuxer(path: path) }
            again.follow(joints)
            scan = try pass(again, path: path, pictures: pictures, sounds: sounds, onProgress: onProgress) { _ in }
            for stream in scan.pictures.keys { scan.pictures[stream]?.joints = joints.filter { $0.stream == stream } }
        }
        scan.clocks = clocks
        return scan
    }

    private static func pass(
        _ demuxer: Demuxer, path: String, pictures: [MediaStream], sounds: [Int], onProgress: () -> Bool,
        see: (borrowing Packet) -> Void
    ) throws(TranscodingError) -> PacketScan {
        var scan = PacketScan()
        let announced = demuxer.streams.count
        var gaps: [Int: Int64] = [:]
        for stream in demuxer.streams where stream.timeBase > .zero { gaps[stream.index] = (Rational(1, 10) / stream.timeBase).ceiling }
        for picture in pictures { scan.pictures[picture.index] = Picture(picture, of: demuxer) }
        demuxer.select(Set(sounds + pictures.map(\.index)))
        let packet = try wrapping(.unreadable, "read '\(path)'") { () throws(LibavError) in try Packet() }
        Log.beginCollecting()
        var wasStopped = false
        do throws(LibavError) {
            while try demuxer.read(into: packet) {
                if packet.isEncrypted {
                    throw LibavError(code: LibavError.invalidData, operation: "decrypt", detail: "encrypted", log: "")
                }
                scan.note(Log.drain(), of: demuxer.formatName)
                see(packet)
                // A packet that is marked corrupt may hold a whole picture: what the decoder makes of it decides.
                if scan.pictures[packet.stream]?.add(packet) == nil { scan.addSound(packet, gap: gaps[packet.stream] ?? .max) }
                wasStopped = !onProgress()
                if wasStopped { break }
            }
        } catch {
            if error.operation == "decrypt" {
                throw TranscodingError(.encrypted, "read '\(path)'", "it is encrypted; bring the clear master")
            }
            scan.damage.append("reading stops early: \(error)")
        }
        if wasStopped { throw .stopped("read '\(path)'") }
        for stream in demuxer.streams.dropFirst(announced) where stream.kind == .audio {
            scan.damage.append("stream \(stream.index) (audio) begins so late that it was not found at the start: it would be left out")
        }
        // What the end of the file makes a demuxer say is no damage: whether something is missing there shows in the length.
        _ = Log.drain()
        return scan
    }

    /// What the demuxer itself complains of while packets still come; parsers speak of what the decoder will judge.
    private mutating func note(_ lines: [Log.Line], of format: String) {
        for line in lines where line.isError && damage.count < 3 {
            guard line.text.hasPrefix("\(format): "), LibraryComplaint.concernsMedia(line.text) else { continue }
            if !damage.contains(line.text) { damage.append(line.text) }
        }
    }

    /// - Parameter gap: ticks; less than this between two packets is the rounding of their times.
    private mutating func addSound(_ packet: borrowing Packet, gap: Int64) {
        guard let start = packet.presentation ?? packet.decoding else { return }
        let end = start &+ packet.duration
        let known = sounds[packet.stream] ?? (start: start, end: end, silent: 0)
        // Packets that an edit list discards (priming) are no sound yet.
        sounds[packet.stream] = (
            start: packet.isDiscarded ? max(known.start, end) : min(known.start, start), end: max(known.end, end),
            silent: known.silent &+ (start &- known.end > gap ? start &- known.end : 0)
        )
    }
}
