import Libav
import MediaModel

/// What only decoded frames tell: format, colour, interlacing, and whether packets and frames go together as the index has them.
struct PictureProbe {
    var shape: FrameShape
    var color: ColorTags
    var isInterlaced: Bool
    /// Numbers of the packets that the first frames were made of, in the order of the frames.
    var packets: [Int] = []
    /// How the picture says that it must be turned; a film's track says it elsewhere.
    var orientation: Orientation
    /// Number of the packet whose picture came out first and whole; nil where none tells.
    var firstShown: Int?

    init(_ frame: borrowing Frame) {
        shape = frame.shape
        color = frame.color
        isInterlaced = frame.isInterlaced
        orientation = frame.orientation
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
            var (read, frames) = (0, 0)
            var numbers: [Int] = []
            var ended = false
            var isWhole = false
            var hasBegun = !index.packets.contains(where: \.isKey)
            var refusal: LibavError?
            while frames < enough && !ended && !wasStopped {
                do throws(LibavError) {
                    // Set before the call: a file that cannot be read any further must not be tried for ever.
                    ended = true
                    if try demuxer.read(into: packet) {
                        ended = false
                        // What a file begins with in the middle of a group of pictures decodes to nothing, or to grey.
                        hasBegun = hasBegun || packet.isKey
                        packet.mark(read)
                        read += 1
                        if hasBegun { try decoder.send(packet) }
                    } else {
                        try decoder.finish()
                    }
                    while try decoder.receive(into: frame) {
                        frames += 1
                        let number = frame.presentation.map { Int($0) }
                        if let number { numbers.append(number) }
                        if found == nil {
                            refusal = PlanarFormat.refusal(of: frame)
                            found = PictureProbe(frame)
                            found?.firstShown = number
                            isWhole = !frame.isDamaged
                        } else if !isWhole, !frame.isDamaged {
                            found?.firstShown = number
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
            probe.packets = numbers
            return probe
        } catch let error as LibavError {
            if wasStopped { throw .stopped(operation) }
            throw TranscodingError(.unreadable, operation, "no picture comes out", underlying: error)
        } catch {
            throw error as? TranscodingError ?? TranscodingError(.unreadable, operation, "\(error)")
        }
    }

    /// Field-coded H.264 has two packets a frame, and times for both. Where no header was parsed, every second packet is a second field.
    func markFields(in index: inout FrameIndex) {
        guard isInterlaced, packets.count > 4, !index.packets.contains(where: \.isSecondField) else { return }
        guard packets.allSatisfy({ $0 % 2 == packets[0] % 2 }) else { return }
        for number in index.packets.indices where number % 2 != packets[0] % 2 { index.packets[number].isSecondField = true }
    }

    /// Frames come out in the order in which the index has their pictures shown.
    func agrees(with index: FrameIndex) -> Bool {
        let times = packets.compactMap { index.packets.indices.contains($0) ? index.packets[$0].presentation : nil }
        return zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
    }
}
