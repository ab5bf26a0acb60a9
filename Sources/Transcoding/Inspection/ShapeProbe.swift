import Libav
import MediaModel

/// The sizes that a picture has in turn, found by decoding one picture of each stretch whose head says something new.
struct ShapeProbe {
    /// A size, and for how much of the source it holds.
    struct Share {
        var probe: PictureProbe
        /// Seconds.
        var length: Rational
    }

    /// Most of the source first; of equals the larger.
    private(set) var shares: [Share] = []

    /// More different heads than this are no sizes but a stream that writes its parameters anew all the time.
    private static let most = 64

    /// - Parameters:
    ///   - nominal: frames per second that the container states, for stretches whose clock says nothing.
    ///   - isAspectFixed: the container says what shape pixels have, so that pictures of one size are alike.
    ///   - onProgress: told after every packet; returns false to give up.
    static func run(
        path: String, stream: Int, index: FrameIndex, runs: [PacketScan.Picture.Run], joints: [ClockJoint], isAspectFixed: Bool,
        nominal: Rational,
        onProgress: () -> Bool
    ) throws(TranscodingError) -> ShapeProbe {
        var result = ShapeProbe()
        let lengths = lengths(of: runs, index, nominal: nominal > .zero ? nominal : Rational(25))
        var seen: [[UInt8]?: PictureProbe] = [:]
        var wasStopped = false
        do throws(LibavError) {
            let reader = try Reader(path: path, stream: stream, joints: joints)
            var last: PictureProbe?
            for (run, length) in zip(runs, lengths) {
                if seen[run.signature] == nil, seen.count < most {
                    // Undecodable: as what came before.
                    seen[run.signature] = try reader.probe(from: run.packet, index, onProgress: onProgress) ?? last
                    wasStopped = reader.wasStopped
                    if wasStopped { break }
                }
                guard let probe = seen[run.signature] ?? last else { continue }
                last = probe
                result.add(probe, length, isAspectFixed)
            }
        } catch {
            throw TranscodingError(.unreadable, "decode '\(path)'", "where the picture changes its size", underlying: error)
        }
        if wasStopped { throw .stopped("decode '\(path)'") }
        result.shares.sort { ($0.length, $0.probe.shape.area) > ($1.length, $1.probe.shape.area) }
        return result
    }

    private mutating func add(_ probe: PictureProbe, _ length: Rational, _ isAspectFixed: Bool) {
        let known = shares.firstIndex { share in
            let (a, b) = (share.probe.shape, probe.shape)
            return a.width == b.width && a.height == b.height && (isAspectFixed || a.sampleAspectRatio == b.sampleAspectRatio)
        }
        if let known { shares[known].length = shares[known].length + length } else { shares.append(Share(probe: probe, length: length)) }
    }

    /// Seconds from each run's first picture to the next one's; where times are missing or go back, as many as its packets last.
    private static func lengths(of runs: [PacketScan.Picture.Run], _ index: FrameIndex, nominal: Rational) -> [Rational] {
        let ends = runs.dropFirst().map(\.packet) + [index.packets.count]
        let stretches = zip(runs, ends).map { index.packets[$0.packet..<$1] }
        let starts = stretches.map { $0.filter { !$0.isDiscarded }.compactMap { $0.presentation ?? $0.decoding }.min() }
        let last = index.packets.compactMap { $0.presentation ?? $0.decoding }.max()
        return starts.indices.map { number in
            let counted = Rational(Int64(stretches[number].count)) / nominal
            let end = number + 1 < starts.count ? starts[number + 1] : last.map { $0 + 1 }
            guard let start = starts[number], let end, end > start else { return counted }
            return Rational(end - start) * index.timeBase
        }
    }

    /// Reads on from stretch to stretch, in one pass.
    private final class Reader {
        private let demuxer: Demuxer
        private let decoder: Decoder
        private let packet: Packet
        private let frame: Frame
        private var position = 0
        private(set) var wasStopped = false

        /// A picture comes out within this many packets, or none does.
        private static let patience = 64

        init(path: String, stream: Int, joints: [ClockJoint]) throws(LibavError) {
            demuxer = try Demuxer(path: path)
            demuxer.follow(joints)
            demuxer.select([stream])
            decoder = try demuxer.decoder(forStream: stream)
            packet = try Packet()
            frame = try Frame()
        }

        /// The first picture of the packets from `start` on.
        func probe(from start: Int, _ index: FrameIndex, onProgress: () -> Bool) throws(LibavError) -> PictureProbe? {
            let entry = index.packets[...start].lastIndex(where: \.isKey) ?? start
            let first = index.packets[start].presentation
            // Where the pass is beyond the key picture already, the decoder has seen it.
            if entry >= position { decoder.flush() }
            func isFirst() -> Bool { first.map { (frame.presentation ?? $0) >= $0 } ?? (position >= start) }
            while try demuxer.read(into: packet) {
                defer { position += 1 }
                wasStopped = !onProgress()
                if wasStopped || position > start + Self.patience { return nil }
                // The decoder has to know of every change of parameters, and of the pictures that these ones refer to.
                guard position >= entry || packet.newParameters != nil else { continue }
                do throws(LibavError) {
                    try decoder.send(packet)
                    while try decoder.receive(into: frame) { if isFirst() { return PictureProbe(frame) } }
                } catch { continue }
            }
            // The last run may be shorter than what the decoder holds back.
            try decoder.finish()
            while try decoder.receive(into: frame) { if isFirst() { return PictureProbe(frame) } }
            return nil
        }
    }
}

extension FrameShape {
    var area: Int { width * height }
}
