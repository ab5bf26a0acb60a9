/// Where a transport stream announces a discontinuity (ISO/IEC 13818-1, `discontinuity_indicator`): a splice, behind which a clock may
/// begin anew and counters do. libavformat tells nobody of it, so the bytes that it reads are looked at as they come by.
///
/// Anything else than a transport stream has none.
final class AnnouncedBreaks {
    /// Byte positions by PID, in the order in which they came.
    private var places: [Int: [Int64]] = [:]
    private var count = 0
    /// How the file is divided into packets; nil: not known yet, or never to be.
    private var grid: (start: Int64, stride: Int)?
    private var hasLooked = false
    /// The beginning of a packet whose head lies across two pieces.
    private var rest: (bytes: [UInt8], place: Int64)?

    /// Sync byte, PID, control, length of the adaptation field, its flags.
    private static let headLength = 6
    /// Plain packets, those with a time code in front, and those with a checksum behind.
    private static let strides = [188, 192, 204]
    /// A stream that announces more than this says nothing with it.
    private static let most = 10_000

    /// Takes note of a piece of the file. Pieces may come twice, and leave some out.
    func see(_ bytes: RawSpan, at offset: Int64) {
        if !hasLooked {
            hasLooked = true
            grid = offset == 0 ? Self.grid(of: bytes) : nil
        }
        guard let grid, count <= Self.most else { return }
        let end = offset + Int64(bytes.byteCount)
        if let begun = rest.take(), begun.place + Int64(begun.bytes.count) == offset {
            note(begun.bytes + Self.copy(bytes, from: 0, atMost: Self.headLength - begun.bytes.count), at: begun.place)
        }
        let stride = Int64(grid.stride)
        var place = grid.start + max(0, (offset - grid.start + stride - 1) / stride) * stride
        while place < end {
            // Most packets have no adaptation field: nothing is copied of those.
            if end - place < Int64(Self.headLength) || Self.byte(bytes, Int(place - offset) + 3) & 0x20 != 0 {
                note(Self.copy(bytes, from: Int(place - offset), atMost: Self.headLength), at: place)
            }
            place += stride
        }
    }

    private static func byte(_ bytes: RawSpan, _ index: Int) -> UInt8 { unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) }

    private static func copy(_ bytes: RawSpan, from start: Int, atMost count: Int) -> [UInt8] {
        var copied: [UInt8] = []
        for index in start..<min(start + count, bytes.byteCount) { copied.append(byte(bytes, index)) }
        return copied
    }

    private func note(_ head: [UInt8], at place: Int64) {
        guard head.count == Self.headLength else {
            rest = (head, place)
            return
        }
        guard head[0] == 0x47, head[3] & 0x20 != 0, head[4] > 0, head[5] & 0x80 != 0 else { return }
        let pid = Int(head[1] & 0x1F) << 8 | Int(head[2])
        if let last = places[pid]?.last, last >= place { return }
        places[pid, default: []].append(place)
        count += 1
    }

    private static func grid(of bytes: RawSpan) -> (start: Int64, stride: Int)? {
        for stride in strides {
            for start in 0..<stride where start + 4 * stride < bytes.byteCount {
                var isSync = true
                for number in 0..<5 where byte(bytes, start + number * stride) != 0x47 { isSync = false }
                if isSync { return (Int64(start), stride) }
            }
        }
        return nil
    }

    /// Whether one of the PIDs announces a break behind `last` and not behind `place`.
    func announces(_ pids: Set<Int>, after last: Int64, upTo place: Int64) -> Bool {
        guard count <= Self.most else { return false }
        return pids.contains { pid in
            guard let known = places[pid] else { return false }
            // The first one behind `last`.
            var (low, high) = (0, known.count)
            while low < high {
                let middle = (low + high) / 2
                if known[middle] <= last { low = middle + 1 } else { high = middle }
            }
            return low < known.count && known[low] <= place
        }
    }
}
