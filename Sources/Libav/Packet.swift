import CFFmpeg
import MediaModel

/// A coded picture or a piece of coded sound, owned: freed when it goes out of scope.
package struct Packet: ~Copyable {
    let pointer: UnsafeMutablePointer<AVPacket>

    package init() throws(LibavError) { pointer = try allocated(av_packet_alloc(), "a packet") }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&pointer)
    }

    /// Gives back what the packet holds; the packet itself can be used again.
    func clear() { av_packet_unref(pointer) }

    package var stream: Int { Int(pointer.pointee.stream_index) }
    /// In ticks of its stream's time base; nil where the container says nothing.
    package var presentation: Int64? { known(pointer.pointee.pts) }
    package var decoding: Int64? { known(pointer.pointee.dts) }
    /// In ticks; 0 where unknown.
    package var duration: Int64 { pointer.pointee.duration }
    /// Byte position in the file, or -1.
    package var position: Int64 { pointer.pointee.pos }
    package var byteCount: Int { Int(pointer.pointee.size) }
    package var isKey: Bool { pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }
    package var isCorrupt: Bool { pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }
    package var isDiscarded: Bool { pointer.pointee.flags & AV_PKT_FLAG_DISCARD != 0 }

    /// Its bytes are encrypted (ISO/IEC 23001-7).
    package var isEncrypted: Bool { av_packet_get_side_data(pointer, AV_PKT_DATA_ENCRYPTION_INFO, nil) != nil }

    /// Sets the times that the muxer writes, in ticks of the muxed stream's time base.
    package func setTimes(presentation: Int64, decoding: Int64, duration: Int64) {
        pointer.pointee.pts = presentation
        pointer.pointee.dts = decoding
        pointer.pointee.duration = duration
    }

    /// A copy of its first bytes, at most `count`.
    package func head(_ count: Int) -> [UInt8] {
        [UInt8](UnsafeBufferPointer(start: pointer.pointee.data, count: max(0, min(count, byteCount))))
    }

    /// The codec's parameters from this packet on, where the container changes them (another sample description of an MP4).
    package var newParameters: [UInt8]? {
        var size = 0
        guard let data = av_packet_get_side_data(pointer, AV_PKT_DATA_NEW_EXTRADATA, &size) else { return nil }
        return [UInt8](UnsafeBufferPointer(start: data, count: size))
    }

    /// Gives it a number in place of its presentation time: the frame that a decoder makes of it comes out with that number.
    package func mark(_ number: Int) { pointer.pointee.pts = Int64(number) }

    /// The first and the last coded byte; nil where it holds none.
    package var ends: (first: UInt8, last: UInt8)? {
        guard byteCount > 0, let data = pointer.pointee.data else { return nil }
        return (data[0], data[byteCount - 1])
    }

    /// Moves both times by so many ticks; a time that is not known stays unknown, and one that no number can hold becomes so.
    func move(by ticks: Int64) {
        func moved(_ time: Int64) -> Int64 {
            guard time != reelmill_nopts() else { return time }
            let (sum, isTooLarge) = time.addingReportingOverflow(ticks)
            return isTooLarge ? reelmill_nopts() : sum
        }
        pointer.pointee.pts = moved(pointer.pointee.pts)
        pointer.pointee.dts = moved(pointer.pointee.dts)
    }

    /// Takes back the container's word that it is not to be shown.
    func keep() { pointer.pointee.flags &= ~AV_PKT_FLAG_DISCARD }

    /// A copy of the coded bytes.
    package var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: pointer.pointee.data, count: byteCount)) }
}

func known(_ ticks: Int64) -> Int64? { ticks == reelmill_nopts() ? nil : ticks }

extension Rational {
    init(_ rational: AVRational) {
        self = rational.den == 0 ? .zero : Rational(Int64(rational.num), Int64(rational.den))
    }

    /// Both parts must fit 32 bits, as time bases and aspect ratios do.
    var av: AVRational { AVRational(num: Int32(clamping: numerator), den: Int32(clamping: denominator)) }
}
