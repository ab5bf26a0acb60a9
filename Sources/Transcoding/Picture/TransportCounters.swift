import Glibc

/// Looks at the continuity counters of a transport stream (ISO/IEC 13818-1, 2.4.3.3) between two places of a file: where a picture is
/// marked corrupt and its decoder cannot tell whether it is whole, as HEVC's cannot, they say whether packets within it are missing.
enum TransportCounters {
    /// A coded picture has no more bytes than this.
    private static let most = 8 << 20

    /// - Parameters:
    ///   - pid: of the stream.
    ///   - from: byte position of the picture's first packet.
    ///   - to: of the next picture's first packet; nil: the file's end.
    /// - Returns: true where a packet does not follow the one before it; also where the file cannot be read.
    static func areBroken(path: String, pid: Int, from: Int64, to: Int64?) -> Bool {
        guard from >= 0, let bytes = read(path, from: from, count: Int(min(Int64(most), (to ?? .max) - from))) else { return true }
        guard let (offset, size) = packets(in: bytes) else { return true }
        var previous: UInt8?
        for start in stride(from: offset, to: bytes.count - 187, by: size) {
            let head = Array(bytes[start..<start + 6])
            guard head[0] == 0x47, Int(head[1] & 31) << 8 | Int(head[2]) == pid, head[3] & 0x10 != 0 else { continue }
            let counter = head[3] & 15
            let isRestart = head[3] & 0x20 != 0 && head[4] > 0 && head[5] & 0x80 != 0
            // The same counter twice is a packet sent twice.
            if let previous, !isRestart, counter != (previous + 1) & 15, counter != previous { return true }
            previous = counter
        }
        return false
    }

    /// Where the first packet begins, and bytes from one to the next: with a time code before, or a checksum behind them.
    private static func packets(in bytes: [UInt8]) -> (offset: Int, size: Int)? {
        for size in [188, 192, 204] {
            for offset in 0..<min(size, bytes.count) {
                let starts = Array(stride(from: offset, to: bytes.count, by: size).prefix(5))
                if !starts.isEmpty, starts.allSatisfy({ bytes[$0] == 0x47 }) { return (offset, size) }
            }
        }
        return nil
    }

    private static func read(_ path: String, from: Int64, count: Int) -> [UInt8]? {
        guard count > 0 else { return nil }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, count, off_t(from)) }
        return got > 0 ? Array(bytes.prefix(got)) : nil
    }
}
