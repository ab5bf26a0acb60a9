import Crypto
import FileSystem
import Glibc
import MediaModel
import Notation
import Synchronization

/// The SHA-256 of a file that comes in pieces, in any order: it follows the front of what is here, so that at the end only the tail is left
/// to be read.
final class FrontHash: Sendable {
    private struct State {
        var function = SHA256()
        /// Up to here all is hashed.
        var hashed: Int64 = 0
        /// Up to here all is here.
        var front: Int64 = 0
        /// Somebody is hashing, and goes on with what comes meanwhile.
        var isFollowing = false
    }

    private let file: String
    private let state = Mutex(State())

    init(file: String) { self.file = file }

    /// The file is here up to `front`. Any thread may say so; one of them hashes, the others do not wait for it.
    func follow(to front: Int64) throws(TransferError) {
        let isOurs = state.withLock { state in
            state.front = max(state.front, front)
            defer { state.isFollowing = true }
            return !state.isFollowing
        }
        guard isOurs else { return }
        while var turn = turn() {
            try Self.hash(file, turn.hashed..<turn.front, into: &turn.function)
            state.withLock { state in
                state.function = turn.function
                state.hashed = turn.front
            }
        }
    }

    /// What is to be hashed next; nil: nothing, and somebody else may follow from now on.
    private func turn() -> State? {
        state.withLock { state in
            guard state.hashed < state.front else {
                state.isFollowing = false
                return nil
            }
            return state
        }
    }

    /// Hashes the rest of the file, which is whole.
    func finish(_ isStopped: () -> Bool) throws(TransferError) -> (sha256: String, bytes: Int64) {
        var state = state.withLock { $0 }
        let bytes = try FileStatus(at: file)?.bytes ?? 0
        try Self.hash(file, state.hashed..<max(bytes, state.hashed), into: &state.function, isStopped)
        return (Hex.encode(state.function.finalize()), bytes)
    }

    private static func hash(
        _ path: String, _ range: Range<Int64>, into function: inout SHA256, _ isStopped: () -> Bool = { false }
    ) throws(TransferError) {
        let file = try OpenFile(path, O_RDONLY)
        try file.seek(to: range.lowerBound)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var left = range.count
        while left > 0 {
            guard !isStopped() else { throw TransferError(.cancelled, operation: "fetch", detail: "it was asked to stop") }
            let count = min(try file.read(into: &buffer), left)
            guard count > 0 else { throw TransferError(.inputOutput, operation: "read", detail: "\(path) is shorter than it was") }
            function.update(data: buffer[..<count])
            left -= count
        }
    }
}
