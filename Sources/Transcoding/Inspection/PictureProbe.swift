import Libav
import MediaModel

/// What only decoded frames tell: format, colour, interlacing, and whether a packet is a frame or a field.
struct PictureProbe {
    var shape: FrameShape
    var color: ColorTags
    var isInterlaced: Bool
    var packetsPerFrame = 1
    /// How the picture says that it must be turned; a film's track says it elsewhere.
    var orientation: Orientation
    /// When the first picture that came out is shown, in the track's ticks; nil where it has no time.
    var firstShown: Int64?

    init(_ frame: borrowing Frame) {
        shape = frame.shape
        color = frame.color
        isInterlaced = frame.isInterlaced
        orientation = frame.orientation
        firstShown = frame.presentation
    }

    /// Frames that settle the question; a codec with deep reordering holds back 16 at most.
    private static let enough = 12

    /// - Parameter onProgress: told after every packet; returns false to give up.
    static func run(
        path: String, stream: Int, index: FrameIndex, onProgress: () -> Bool
    ) throws(TranscodingError) -> PictureProbe {
        let operation = "decode '\(path)'"
        var fallback: LibavError?
        var wasStopped = false
        do {
            let demuxer = try Demuxer(path: path)
            demuxer.select([stream])
            let decoder = try demuxer.decoder(forStream: stream)
            let packet = try Packet()
            let frame = try Frame()
            var found: PictureProbe?
            var times: [Int64] = []
            var ended = false
            var isWhole = false
            var hasBegun = !index.packets.contains(where: \.isKey)
            var refusal: LibavError?
            while times.count < enough && !ended && !wasStopped {
                do throws(LibavError) {
                    // Set before the call: a file that cannot be read any further must not be tried for ever.
                    ended = true
                    if try demuxer.read(into: packet) {
                        ended = false
                        // What a file begins with in the middle of a group of pictures decodes to nothing, or to grey.
                        hasBegun = hasBegun || packet.isKey
                        if hasBegun { try decoder.send(packet) }
                    } else {
                        try decoder.finish()
                    }
                    while try decoder.receive(into: frame) {
                        times.append(frame.presentation ?? 0)
                        if found == nil {
                            refusal = PlanarFormat.refusal(of: frame)
                            found = PictureProbe(frame)
                            isWhole = !frame.isDamaged
                        } else if !isWhole, !frame.isDamaged {
                            found?.firstShown = frame.presentation
                            isWhole = true
                        }
                        if frame.isInterlaced { found?.isInterlaced = true }
                    }
                } catch { fallback = error }
                wasStopped = !onProgress()
            }
            guard var probe = found, !wasStopped else {
                throw fallback ?? LibavError(code: LibavError.invalidData, operation: "decode", detail: "no packet gives a picture")
            }
            if let refusal {
                throw TranscodingError(
                    .unsupported, operation,
                    "its pixel format '\(probe.shape.pixelFormatName)' cannot be converted; hand in another one, such as yuv420p",
                    underlying: refusal)
            }
            if probe.isInterlaced { probe.packetsPerFrame = packetsPerFrame(frames: times, index: index) }
            return probe
        } catch let error as LibavError {
            if wasStopped { throw .stopped(operation) }
            throw TranscodingError(.unreadable, operation, "no picture comes out", underlying: error)
        } catch {
            throw error as? TranscodingError ?? TranscodingError(.unreadable, operation, "\(error)")
        }
    }

    /// Field-coded H.264 has two packets a frame, and times for both.
    private static func packetsPerFrame(frames: [Int64], index: FrameIndex) -> Int {
        guard frames.count > 4, let first = frames.first, let last = frames.max() else { return 1 }
        let packets = index.packets.filter { $0.presentation.map { first <= $0 && $0 < last } ?? false }.count
        return packets > (frames.count - 1) * 3 / 2 ? 2 : 1
    }
}
