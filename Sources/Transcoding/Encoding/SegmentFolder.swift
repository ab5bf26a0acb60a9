import Glibc
import MediaModel

/// The boxes around what libavformat writes. Their words belong to packaging; whoever knows the order hands them in.
package struct SegmentDressing: Sendable {
    /// Put in front of every segment.
    package var segmentType: [UInt8]
    /// Makes the written init segment what strict validators accept, and says in it where presentation begins: at the composition time
    /// that is the second argument, in the track's ticks.
    package var finishInit: @Sendable ([UInt8], Int64) -> [UInt8]

    package init(segmentType: [UInt8], finishInit: @escaping @Sendable ([UInt8], Int64) -> [UInt8]) {
        self.segmentType = segmentType
        self.finishInit = finishInit
    }
}

/// A folder that a track's files are written into, and the record of them. The caller owns the folder and renames it when all is done.
final class SegmentFolder {
    private let path: String
    private let dressing: SegmentDressing
    private(set) var segments: [SegmentFact] = []
    private var initBytes: Int64 = 0
    private var initSHA256 = ""

    init(_ path: String, dressing: SegmentDressing) {
        self.path = path
        self.dressing = dressing
    }

    /// - Parameter compositionStart: of the first sample that is presented, in the track's ticks.
    func writeInit(_ bytes: [UInt8], compositionStart: Int64) throws(TranscodingError) {
        let finished = dressing.finishInit(bytes, compositionStart)
        try OutputFile.write(finished, to: "\(path)/init.mp4")
        initBytes = Int64(finished.count)
        initSHA256 = Fingerprint.of(finished)
    }

    /// - Parameters:
    ///   - number: from 1.
    ///   - start: ticks from the title's start; `duration` in the same ticks.
    ///   - samples: frames or packets in it.
    func writeSegment(_ fragment: [UInt8], number: Int, start: Int64, duration: Int64, samples: Int) throws(TranscodingError) {
        let bytes = dressing.segmentType + fragment
        try OutputFile.write(bytes, to: "\(path)/\(SegmentFact.stem(number)).m4s")
        segments.append(
            SegmentFact(
                number: number, start: start, duration: duration, samples: samples, bytes: Int64(bytes.count), sha256: Fingerprint.of(bytes)
            ))
    }

    func record(timescale: Int64, warnings: [String]) -> MediaRecord {
        MediaRecord(timescale: timescale, segments: segments, warnings: warnings, initBytes: initBytes, initSHA256: initSHA256)
    }
}

/// One small file, written and closed; a full disk is told apart.
enum OutputFile {
    static func write(_ bytes: [UInt8], to path: String) throws(TranscodingError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let error = failure(path)
                _ = close(descriptor)
                throw error
            }
            offset += count
        }
        guard close(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> TranscodingError {
        let isFull = errno == ENOSPC || errno == EDQUOT
        let words = unsafe String(cString: strerror(errno))
        return TranscodingError(isFull ? .diskFull : .output, "write '\(path)'", words)
    }
}
