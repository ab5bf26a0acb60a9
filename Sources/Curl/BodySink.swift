import Glibc

/// Where an answer's body goes.
final class BodySink {
    private(set) var failure: CurlError?
    /// What is held in memory.
    private(set) var bytes: [UInt8] = []
    /// All bytes that came.
    private(set) var count: Int64 = 0
    /// There is more of an unwanted body than anybody wants to read.
    private(set) var hasEnough = false
    private let request: HTTPRequest
    private var descriptor: CInt = -1

    /// An unwanted body is an error page: enough of it to tell what went wrong.
    private static let longestErrorPage = 256 << 10

    init(_ request: HTTPRequest) { self.request = request }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Parameter isWanted: whether this is the body that was asked for, not an error page.
    /// - Returns: false: nothing more is to come, because of a failure or because there is enough.
    func write(_ piece: UnsafeRawBufferPointer, isWanted: Bool) -> Bool {
        let position = count
        count += Int64(piece.count)
        guard isWanted else {
            bytes += piece.prefix(max(0, Self.longestErrorPage - bytes.count))
            hasEnough = count > Int64(Self.longestErrorPage)
            return !hasEnough
        }
        switch request.destination {
        case .memory(let limit):
            guard bytes.count + piece.count <= limit else {
                return fail(.tooLarge, "the answer has more than \(limit) bytes")
            }
            bytes += piece
            return true
        case .file(let path, let offset, let limit):
            guard count <= limit else { return fail(.tooLarge, "the answer has more than \(limit) bytes") }
            return write(piece, to: path, at: offset + position)
        }
    }

    /// Takes no more: what came before the body was enough.
    func leaveWhole() { hasEnough = true }

    /// Takes no more: all of the body is not what was asked for.
    func refuseWhole() { _ = fail(.notPartial, "the server sends all of it where a part was asked for") }

    /// The same where a part comes, but not the one.
    func refusePart() { _ = fail(.notPartial, "the server sends another part than was asked for") }

    private func write(_ piece: UnsafeRawBufferPointer, to path: String, at offset: Int64) -> Bool {
        if descriptor < 0 { descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { return failToWrite(path) }
        var done = 0
        while done < piece.count {
            let written = pwrite(descriptor, piece.baseAddress.map { $0 + done }, piece.count - done, off_t(offset) + off_t(done))
            if written > 0 {
                done += written
            } else if errno != EINTR {
                return failToWrite(path)
            }
        }
        return true
    }

    private func failToWrite(_ path: String) -> Bool {
        fail([ENOSPC, EDQUOT].contains(errno) ? .diskFull : .unwritable, "\(path): \(String(cString: strerror(errno)))")
    }

    private func fail(_ code: CurlError.Code, _ detail: String) -> Bool {
        failure = CurlError(code, operation: request.name, detail: detail)
        return false
    }
}
