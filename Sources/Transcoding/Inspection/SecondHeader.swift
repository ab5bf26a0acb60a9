import Glibc

/// Finds where a second recording begins in a file that somebody joined byte by byte: demuxers of formats with one header read the first
/// part, or one of them, and say nothing of the rest.
enum SecondHeader {
    struct Found {
        /// The byte at which another recording's header stands.
        var position: Int64
        /// The first recording is made of fragments.
        var isFragmented = false
    }

    /// - Parameters:
    ///   - path: of a plain file.
    ///   - container: libavformat's name of its format.
    /// - Returns: nil where there is none, or the format has nothing to look for.
    static func find(in path: String, container: String) -> Found? {
        let names = container.split(separator: ",")
        guard let file = FileBytes(path) else { return nil }
        if names.contains("mov") { return boxes(file) }
        if names.contains("flv") { return tags(file).map { Found(position: $0) } }
        if names.contains("asf") { return objects(file).map { Found(position: $0) } }
        return names.contains("avi") || names.contains("wav") ? chunks(file).map { Found(position: $0) } : nil
    }

    /// ISO/IEC 14496-12, 4.2: a file has one `moov`.
    private static func boxes(_ file: FileBytes) -> Found? {
        var (position, hasMovie, isFragmented) = (Int64(0), false, false)
        while let head = file.bytes(16, at: position) {
            let type = Array(head[4..<8])
            if type == Array("moof".utf8) { isFragmented = true }
            if type == Array("moov".utf8) {
                if hasMovie { return Found(position: position, isFragmented: isFragmented) }
                hasMovie = true
            }
            let short = bigEndian(head[0..<4])
            let size = short == 1 ? bigEndian(head[8..<16]) : short
            // 0 is the rest of the file; less than a header is no box.
            guard size >= 8, let next = sum(position, size) else { return nil }
            position = next
        }
        return nil
    }

    /// Adobe's FLV, E.2 and E.4: one header, then tags, each with its size behind it.
    private static func tags(_ file: FileBytes) -> Int64? {
        let signature = Array("FLV".utf8)
        guard let head = file.bytes(9, at: 0), Array(head[0..<3]) == signature else { return nil }
        var position = bigEndian(head[5..<9]) + 4
        while let tag = file.bytes(11, at: position) {
            if Array(tag[0..<3]) == signature { return position }
            guard [8, 9, 18].contains(tag[0] & 0x1F), let next = sum(position, 11 + bigEndian(tag[1..<4]) + 4) else { return nil }
            position = next
        }
        return nil
    }

    /// Microsoft's ASF, 3: one header object; sizes are little-endian.
    private static func objects(_ file: FileBytes) -> Int64? {
        guard let first = file.bytes(24, at: 0) else { return nil }
        var position = Int64(0)
        while let head = file.bytes(24, at: position) {
            if position > 0, head[0..<16] == first[0..<16] { return position }
            let size = littleEndian(head[16..<24])
            guard size >= 24, let next = sum(position, size) else { return nil }
            position = next
        }
        return nil
    }

    /// RIFF: one form of each file's own type; AVI's `AVIX` goes on with the first.
    private static func chunks(_ file: FileBytes) -> Int64? {
        guard let first = file.bytes(12, at: 0) else { return nil }
        var position = Int64(0)
        while let head = file.bytes(12, at: position) {
            if position > 0, head[0..<4] == first[0..<4], head[8..<12] == first[8..<12] { return position }
            let size = littleEndian(head[4..<8])
            guard size > 0, size < 0xFFFF_FFFF, let next = sum(position, 8 + size + size % 2) else { return nil }
            position = next
        }
        return nil
    }

    private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(0) { $0 << 8 | Int64($1) } }
    private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reversed().reduce(0) { $0 << 8 | Int64($1) } }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64? {
        let (sum, isTooLarge) = a.addingReportingOverflow(b)
        return isTooLarge || b < 0 ? nil : sum
    }
}

/// A file that is read here and there.
private final class FileBytes {
    private let descriptor: Int32

    init?(_ path: String) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { _ = close(descriptor) }

    /// nil where the file holds fewer.
    func bytes(_ count: Int, at position: Int64) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(position)) }
        return read == count ? bytes : nil
    }
}
