import Libav
import MediaModel

/// One pass over every packet of a file, without decoding.
struct PacketScan {
    /// Of every picture track that was asked for.
    var pictures: [Int: Picture] = [:]
    /// First and last moment of each sound track, in its ticks.
    var sounds: [Int: (start: Int64, end: Int64)] = [:]
    var damage: [String] = []

    /// - Parameter onProgress: told after every packet; returns false to give up.
    static func run(
        _ demuxer: Demuxer, path: String, pictures: [MediaStream], sounds: [Int], onProgress: () -> Bool
    ) throws(TranscodingError) -> PacketScan {
        var scan = PacketScan()
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
                // A packet that is marked corrupt may hold a whole picture: what the decoder makes of it decides.
                if scan.pictures[packet.stream]?.add(packet) == nil { scan.addSound(packet) }
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

    private mutating func addSound(_ packet: borrowing Packet) {
        guard let start = packet.presentation ?? packet.decoding else { return }
        let end = start + packet.duration
        let known = sounds[packet.stream] ?? (start: start, end: end)
        // Packets that an edit list discards (priming) are no sound yet.
        sounds[packet.stream] = (start: packet.isDiscarded ? max(known.start, end) : min(known.start, start), end: max(known.end, end))
    }
}
