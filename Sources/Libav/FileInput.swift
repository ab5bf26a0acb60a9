import CFFmpeg
import Glibc

/// A plain file on its way into a demuxer, with a listener who is lent every byte that libav reads, so that nobody has to read it twice.
///
/// To libav it is what its own file protocol is: the same buffer, the same answers to seeks. Must outlive the demuxer that reads it.
final class FileInput {
    /// Gets the bytes that were just read and where in the file they lie. Pieces come in the order in which libav wants them: some twice,
    /// some never, and it jumps.
    typealias Listener = (_ bytes: RawSpan, _ offset: Int64) -> Void

    let context: UnsafeMutablePointer<AVIOContext>
    private let state: State

    /// What the callbacks know.
    private final class State {
        let descriptor: Int32
        let listener: Listener
        var position: Int64 = 0

        init(_ descriptor: Int32, _ listener: @escaping Listener) {
            self.descriptor = descriptor
            self.listener = listener
        }

        deinit { _ = close(descriptor) }

        func read(into buffer: UnsafeMutablePointer<UInt8>, _ capacity: Int32) -> Int32 {
            while true {
                let count = pread(descriptor, buffer, Int(capacity), off_t(position))
                if count < 0 && errno == EINTR { continue }
                if count < 0 { return reelmill_averror(errno) }
                if count == 0 { return LibavError.endOfFile }
                listener(UnsafeRawBufferPointer(start: buffer, count: count).bytes, position)
                position += Int64(count)
                return Int32(count)
            }
        }

        func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { return Int64(reelmill_averror(errno)) }
            let base: Int64
            switch whence & ~AVSEEK_FORCE {
            case AVSEEK_SIZE: return Int64(status.st_size)
            case SEEK_SET: base = 0
            case SEEK_CUR: base = position
            case SEEK_END: base = Int64(status.st_size)
            default: return Int64(LibavError.invalidArgument)
            }
            let (target, overflow) = base.addingReportingOverflow(offset)
            guard !overflow, target >= 0 else { return Int64(LibavError.invalidArgument) }
            position = target
            return target
        }
    }

    /// - Throws: `LibavError` when the file cannot be opened.
    init(path: String, operation: String, listener: @escaping Listener) throws(LibavError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LibavError(code: reelmill_averror(errno), operation: operation) }
        // From here on the state closes it.
        state = State(descriptor, listener)
        // As large as that of libav's own files.
        let capacity = 32768
        guard let buffer = av_malloc(capacity) else { throw LibavError(code: LibavError.outOfMemory, operation: "allocate a buffer") }
        // Unretained: this object keeps the state, and frees the context before it lets go of it.
        let opaque = Unmanaged.passUnretained(state).toOpaque()
        let opened = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(capacity), 0, opaque,
            { opaque, buffer, capacity in
                guard let opaque, let buffer else { return LibavError.invalidArgument }
                return Unmanaged<State>.fromOpaque(opaque).takeUnretainedValue().read(into: buffer, capacity)
            }, nil,
            { opaque, offset, whence in
                guard let opaque else { return Int64(LibavError.invalidArgument) }
                return Unmanaged<State>.fromOpaque(opaque).takeUnretainedValue().seek(offset, whence)
            })
        guard let opened else {
            av_free(buffer)
            throw LibavError(code: LibavError.outOfMemory, operation: "allocate an input")
        }
        context = opened
    }

    deinit {
        var freeing: UnsafeMutablePointer<AVIOContext>? = context
        // libav may have replaced the buffer.
        av_freep(&context.pointee.buffer)
        avio_context_free(&freeing)
    }
}
