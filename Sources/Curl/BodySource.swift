import Foundation
import Glibc

/// Where a request's body comes from, a piece at a time.
final class BodySource {
    private(set) var failure: CurlError?
    /// nil: the request has no body.
    let count: Int64?
    private let request: HTTPRequest
    private let descriptor: CInt
    private let offset: Int64
    private var position: Int64 = 0

    init(_ request: HTTPRequest) throws(CurlError) {
        self.request = request
        switch request.body {
        case .none: (count, offset, descriptor) = (nil, 0, -1)
        case .bytes(let bytes): (count, offset, descriptor) = (Int64(bytes.count), 0, -1)
        case .file(let path, let start, let length):
            (count, offset) = (length, start)
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw CurlError(.unreadable, operation: request.name, detail: "\(path): \(String(cString: strerror(errno)))")
            }
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The body is sent again from here, on another connection.
    func seek(to position: Int64) { self.position = position }

    /// Fills `buffer` from its beginning; 0 at the end of the body, nil on a failure.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = Int(min(Int64(buffer.count), (count ?? 0) - position))
        guard wanted > 0 else { return 0 }
        switch request.body {
        case .none: return 0
        case .bytes(let bytes):
            buffer.copyBytes(from: bytes[Int(position)..<Int(position) + wanted])
            show(buffer, wanted)
            position += Int64(wanted)
            return wanted
        case .file(let path, _, _):
            while true {
                let got = pread(descriptor, buffer.baseAddress, wanted, off_t(offset + position))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    let reason = got == 0 ? "is shorter than it was" : String(cString: strerror(errno))
                    failure = CurlError(.unreadable, operation: request.name, detail: "\(path): \(reason)")
                    return nil
                }
                show(buffer, got)
                position += Int64(got)
                return got
            }
        }
    }

    private func show(_ buffer: UnsafeMutableRawBufferPointer, _ count: Int) {
        guard let onSend = request.onSend, let start = buffer.baseAddress else { return }
        onSend(Data(bytesNoCopy: start, count: count, deallocator: .none), position)
    }
}
