import FileSystem
import Foundation
import Glibc
import MediaModel
import S3

/// Brings one remote file here, in several parts at the same time, and goes on where an earlier try was broken off.
///
/// What is not whole lies in `<file>.partial`, and what is known of it in `<file>.partial.json`. Parts of different files are never put
/// together: every part comes with the condition that the file is still the same, and is looked at when it is here.
struct Fetch: Sendable {
    let reader: any RemoteReader
    let file: String
    let isStopped: @Sendable () -> Bool
    /// nil: as suits the file's size.
    var pieceBytes: Int64?

    /// Parts in flight.
    private static let threads = 4
    /// A file may change under the fetch so often.
    private static let tries = 3

    private var partial: String { "\(file).partial" }
    private var stateFile: String { "\(file).partial.json" }

    /// - Returns: what the file is; it is whole, under its name, and on the disk.
    func run(_ identity: RemoteIdentity) throws(TransferError) -> (identity: RemoteIdentity, sha256: String) {
        var identity = identity
        var failure: TransferError?
        for _ in 0..<Self.tries {
            do throws(TransferError) {
                let hash = FrontHash(file: partial)
                try transfer(identity, hash)
                let (sha256, bytes) = try hash.finish(isStopped)
                if let said = identity.sha256, said != sha256 {
                    throw TransferError(.changed, operation: "fetch", detail: "what came has not the SHA-256 that the server tells")
                }
                identity.bytes = bytes
                try move(partial, to: file)
                try removeAll(stateFile)
                return (identity, sha256)
            } catch {
                // What is half here must not be what keeps the disk full.
                if error.code == .diskFull { try discard() }
                guard error.code == .changed else { throw error }
                failure = error
                try discard()
                identity = try look()
            }
        }
        throw failure ?? TransferError(.changed, operation: "fetch", detail: "it does not stay the same")
    }

    /// What the file is now.
    func look() throws(TransferError) -> RemoteIdentity {
        try ParallelWork.one(isStopped: isStopped, stop: reader.stop) { [reader] () throws(TransferError) in try reader.look() }
    }

    // MARK: Parts

    private func transfer(_ identity: RemoteIdentity, _ hash: FrontHash) throws(TransferError) {
        guard identity.isFirm, let bytes = identity.bytes, bytes > 0 else { return try stream(identity) }
        let state = Shared(try begin(identity))
        let start = state.withLock { $0 }
        var missing = start.missing[...]
        if start.isFresh, let first = missing.popFirst() {
            // Alone: a server that knows no ranges answers it with everything, which is then here.
            if let whole = try readOne(start.range(first), of: identity) {
                guard whole == bytes else { throw AddressReader.changed }
                return try settle(whole)
            }
            try finish(first, state, hash)
        }
        try ParallelWork.forEach(Array(missing), threads: Self.threads, isStopped: isStopped, stop: reader.stop) {
            piece throws(TransferError) in
            guard try reader.read(start.range(piece), of: identity, into: partial) == nil else { throw AddressReader.changed }
            try finish(piece, state, hash)
        }
    }

    /// Everything in one stream, which cannot be gone on with later.
    private func stream(_ identity: RemoteIdentity) throws(TransferError) {
        try discard()
        try create(0)
        do throws(TransferError) {
            let came = try readOne(nil, of: identity) ?? 0
            if let bytes = identity.bytes, bytes != came { throw AddressReader.changed }
            try settle(came)
        } catch {
            try discard()
            throw error
        }
    }

    private func readOne(_ range: Range<Int64>?, of identity: RemoteIdentity) throws(TransferError) -> Int64? {
        try ParallelWork.one(isStopped: isStopped, stop: reader.stop) { [reader, partial] () throws(TransferError) in
            try reader.read(range, of: identity, into: partial)
        }
    }

    /// Where an earlier try was broken off, if it was of the same file.
    private func begin(_ identity: RemoteIdentity) throws(TransferError) -> FetchState {
        if let data = FileManager.default.contents(atPath: stateFile),
            let known = try? JSONDecoder().decode(FetchState.self, from: data), known.identity.isSame(as: identity),
            let status = try FileStatus(at: partial), status.kind == .file, status.bytes == known.bytes
        {
            return known
        }
        try discard()
        try create(identity.bytes ?? 0)
        return FetchState(identity, pieceBytes: pieceBytes)
    }

    /// Notes a part that is on the disk, and hashes as far as all is here.
    private func finish(_ piece: Int, _ state: Shared<FetchState>, _ hash: FrontHash) throws(TransferError) {
        try OpenFile(partial, O_RDONLY).synchronize()
        let stateFile = stateFile
        let front = try state.withLock { state throws(TransferError) in
            state.finish(piece)
            do {
                try JSONEncoder().encode(state).write(to: URL(fileURLWithPath: stateFile), options: .atomic)
            } catch {
                throw TransferError(.inputOutput, operation: "write", detail: stateFile, underlying: error)
            }
            return state.front
        }
        try hash.follow(to: front)
    }

    // MARK: The file

    private func create(_ bytes: Int64) throws(TransferError) {
        let file = try OpenFile(partial, O_RDWR | O_CREAT, permissions: 0o644)
        do throws(TransferError) { try file.reserve(bytes) } catch {
            try discard()
            throw error
        }
    }

    private func settle(_ bytes: Int64) throws(TransferError) {
        let file = try OpenFile(partial, O_RDWR)
        try file.reserve(bytes)
        try file.synchronize()
    }

    private func discard() throws(TransferError) {
        try removeAll(stateFile)
        try removeAll(partial)
    }
}
