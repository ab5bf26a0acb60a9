import Libav
import MediaModel

/// One pass over every packet of a file, without decoding.
struct PacketScan {
    var packets: [FrameIndex.Packet] = []
    /// Ticks of the picture packet that is shown last; 0 where unknown.
    var lastDuration: Int64 = 0
    private var latest = Int64.min
    /// First and last moment of each sound track, in its ticks.
    var sounds: [Int: (start: Int64, end: Int64)] = [:]
    var damage: [String] = []

    /// - Parameter onProgress: told after every packet; returns false to give up.
    static func run(
        _ demuxer: Demuxer, path: String, picture: Int?, sounds: [Int], onProgress: () -> Bool
    ) throws(TranscodingError) -> PacketScan {
        var scan = PacketScan()
        demuxer.select(Set(sounds + (picture.map { [$0] } ?? [])))
        let packet = try wrapping(.unreadable, "read '\(path)'") { () throws(LibavError) in try Packet() }
        Log.beginCollecting()
        var corrupt = 0
        var wasStopped = false
        do throws(LibavError) {
            while try demuxer.read(into: packet) {
                if packet.isEncrypted {
                    throw LibavError(code: LibavError.invalidData, operation: "decrypt", detail: "encrypted", log: "")
                }
                if packet.isCorrupt { corrupt += 1 }
                if packet.stream == picture { scan.addPicture(packet) } else { scan.addSound(packet) }
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
        if corrupt > 0 { scan.damage.append("\(corrupt) packets are marked corrupt") }
        for line in Log.drain() where line.isError && scan.damage.count < 3 { scan.damage.append(line.text) }
        return scan
    }

    private mutating func addPicture(_ packet: borrowing Packet) {
        packets.append(
            FrameIndex.Packet(
                presentation: packet.presentation, decoding: packet.decoding, position: packet.position,
                byteCount: Int32(clamping: packet.byteCount),
                isKey: packet.isKey, isDiscarded: packet.isDiscarded))
        guard let now = packet.presentation, !packet.isDiscarded, now > latest else { return }
        latest = now
        lastDuration = packet.duration
    }

    private mutating func addSound(_ packet: borrowing Packet) {
        guard let start = packet.presentation ?? packet.decoding else { return }
        let end = start + packet.duration
        let known = sounds[packet.stream] ?? (start: start, end: end)
        // Packets that an edit list discards (priming) are no sound yet.
        sounds[packet.stream] = (start: packet.isDiscarded ? max(known.start, end) : min(known.start, start), end: max(known.end, end))
    }
}
