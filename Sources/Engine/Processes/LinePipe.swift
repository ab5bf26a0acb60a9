import Glibc

/// One end of a pipe that lines go through. Owns the descriptor.
final class LinePipe {
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    /// Tells the other end that nothing comes any more; afterwards nothing can be written.
    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    enum Reading {
        /// Without its newline.
        case line(ArraySlice<UInt8>)
        case nothing
        /// The other end is closed.
        case ended
    }

    /// - Parameter milliseconds: to wait at most; -1: until something comes.
    func read(milliseconds: Int32) -> Reading {
        while true {
            if let line = takeLine() { return .line(line) }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&waiting, 1, milliseconds)
            if count == 0 || (count < 0 && errno == EINTR) { return .nothing }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let got = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if got < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            guard got > 0 else { return .ended }
            buffer += bytes[..<got]
        }
    }

    private func takeLine() -> ArraySlice<UInt8>? {
        guard let end = buffer.firstIndex(of: 0x0A) else { return nil }
        let line = buffer[..<end]
        buffer = Array(buffer[(end + 1)...])
        return line
    }

    /// - Returns: false when nobody reads any more.
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
