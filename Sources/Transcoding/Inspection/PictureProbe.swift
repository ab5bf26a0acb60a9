import Libav
import MediaModel

/// What only decoded frames tell: format, colour, interlacing, and whether a packet is a frame or a field.
struct PictureProbe {
    var shape: FrameShape
    var color: ColorTags
    var isInterlaced: Bool
    var packetsPerFrame: Int

    /// Frames that settle the question; a codec with deep reordering holds back 16 at most.
    private static let enough = 12

    /// - Parameter onProgress: told after every packet; returns false to give up.
    static func run(
        path: String, stream: Int, index: FrameIndex, onProgress: () -> Bool
    ) throws(TranscodingError) -> PictureProbe {
        let operation = "decode '\(path)'"
        var fallback: LibavError?
        var wasStopped = false
        do throws(LibavError) {
            let demuxer = try Demuxer(path: path)
            demuxer.select([stream])
            let decoder = try demuxer.decoder(forStream: stream)
            let packet = try Packet()
            let frame = try Frame()
            var found: PictureProbe?
            var times: [Int64] = []
            var ended = false
            while times.count < enough && !ended && !wasStopped {
                do throws(LibavError) {
                    // Set before the call: a file that cannot be read any further must not be tried for ever.
                    ended = true
                    if try demuxer.read(into: packet) {
                        ended = false
                        try decoder.send(packet)
                    } else {
                        try decoder.finish()
                    }
                    while try decoder.receive(into: frame) {
                        times.append(frame.presentation ?? 0)
                        if found == nil {
                            found = PictureProbe(
                                shape: frame.shape, color: frame.color, isInterlaced: frame.isInterlaced, packetsPerFrame: 1)
                        }
                        if frame.isInterlaced { found?.isInterlaced = true }
                    }
                } catch { fallback = error }
                wasStopped = !onProgress()
            }
            guard var probe = found, !wasStopped else {
                throw fallback ?? LibavError(code: LibavError.invalidData, operation: "decode", detail: "no packet gives a picture")
            }
            if probe.isInterlaced { probe.packetsPerFrame = packetsPerFrame(frames: times, index: index) }
            return probe
        } catch {
            if wasStopped { throw .stopped(operation) }
            throw TranscodingError(.unreadable, operation, "no picture comes out", underlying: error)
        }
    }

    /// Field-coded H.264 has two packets a frame, and times for both.
    private static func packetsPerFrame(frames: [Int64], index: FrameIndex) -> Int {
        guard frames.count > 4, let first = frames.first, let last = frames.max() else { return 1 }
        let packets = index.packets.filter { $0.presentation.map { first <= $0 && $0 < last } ?? false }.count
        return packets > (frames.count - 1) * 3 / 2 ? 2 : 1
    }
}
