import FileSystem
import Foundation
import MediaModel
import S3
import Synchronization

/// A large object on its way in parts. Any number of threads may send parts of one at the same time.
final class MultipartUpload: Sendable {
    let object: OutgoingObject
    private let client: S3Client
    private let uploadID: String
    /// What its parts are checked by: all of one upload alike, or a server that keeps checksums will not put them together.
    private let kind: S3Settings.Checksum
    private let file: String
    /// An object of the same content that parts are copied from; nil: all are sent.
    private let source: String?
    private let state: Mutex<MultipartState>
    private let isGone = Atomic(false)

    enum Way: Sendable {
        case sent, copied
        /// The upload is gone: no part of it is needed any more.
        case spared
    }

    /// Goes on with the youngest unfinished upload of the object's key that holds parts of this very file and no others, or begins one.
    init(_ object: OutgoingObject, _ client: S3Client, copying source: String?) throws(TransferError) {
        guard let file = object.file else {
            throw TransferError(.invalidPackage, operation: "upload", detail: "\(object.path) is in memory and too large for it")
        }
        self.object = object
        self.client = client
        self.file = file
        self.source = source
        var state = MultipartState(MultipartPlan(bytes: object.stored.bytes, preferred: client.settings.partBytes))
        // By the whole key: some servers tell of uploads in no other way. What an upload was begun with, no server tells.
        let candidates = object.isOverwriting ? [] : try client.listUploads(object.key).filter { $0.key == object.key }
        for candidate in candidates.sorted(by: { ($0.initiated ?? .distantPast) > ($1.initiated ?? .distantPast) }) {
            guard let kind = try Self.resume(candidate, &state, object, file, client) else { continue }
            (uploadID, self.kind) = (candidate.uploadID, kind)
            self.state = Mutex(state)
            return
        }
        (uploadID, kind) = (try client.createUpload(object), client.settings.checksum)
        self.state = Mutex(state)
    }

    /// - Returns: what the upload's parts are checked by; nil: it is not to be gone on with. Parts without a SHA-256 may have been sent
    ///   without it, or lie on a server that tells none: the rest goes the way that is right for both.
    private static func resume(
        _ upload: UnfinishedUpload, _ state: inout MultipartState, _ object: OutgoingObject, _ file: String, _ client: S3Client
    ) throws(TransferError) -> S3Settings.Checksum? {
        let listed = try client.listParts(upload.key, upload.uploadID)
        let kind: S3Settings.Checksum = listed.contains { $0.sha256 != nil } ? .sha256 : .md5
        guard kind == .md5 || (client.settings.checksum == .sha256 && listed.allSatisfy { $0.sha256 != nil }) else { return nil }
        return try state.adopt(listed) { part, there throws(TransferError) in try isSame(part, there, in: object, file) } ? kind : nil
    }

    var remaining: [MultipartPlan.Part] { state.withLock { $0.remaining } }

    var isCopied: Bool { source != nil }

    /// Whether the file still is what `package.json` says. The server checks only parts: where these are its pieces, that is enough.
    func checkFile() throws(TransferError) {
        let plan = state.withLock { $0.plan }
        if !plan.parts.allSatisfy({ Self.listed($0, in: object) != nil }) { try demandListedContent() }
    }

    private func demandListedContent() throws(TransferError) {
        let found = try FileContent(of: file)
        guard found == object.original else { throw StagedObjects.damaged(file, found, object.original) }
    }

    @discardableResult
    func send(_ part: MultipartPlan.Part) throws(TransferError) -> Way {
        if isGone.load(ordering: .relaxed) { return .spared }
        if let source, let copied = try client.copyPart(object, uploadID, part, from: source),
            try Self.isSame(part, copied, in: object, file)
        {
            state.withLock { $0.succeeded(.init(number: part.number, etag: copied.etag, sha256: copied.sha256)) }
            return .copied
        }
        let sums = try sums(of: part)
        for _ in 0..<Self.tries {
            guard let sent = try upload(part, sums) else {
                isGone.store(true, ordering: .relaxed)
                return .spared
            }
            guard Self.isRight(sent, sums) else { continue }
            state.withLock { $0.succeeded(sent.part) }
            return .sent
        }
        throw TransferError(
            .inputOutput, operation: "upload",
            detail: "the server's ETag of part \(part.number) of \(object.key) is not its MD5 \(sums.md5 ?? ""), however often it is sent")
    }

    private static let tries = 4

    /// What the server is to check a part against: what `package.json` says of it, unless a MD5 has to be read from the file anyway.
    private func sums(of part: MultipartPlan.Part) throws(TransferError) -> FileRange.Sums {
        let listed = Self.listed(part, in: object)
        let needsMD5 = kind == .md5 || client.bodyTrust.needsMD5
        if let listed, !needsMD5 { return FileRange.Sums(sha256: listed, md5: nil) }
        let found = try FileRange(file, part).sums(withMD5: needsMD5)
        if let listed, listed != found.sha256 { throw try damaged(part) }
        return found
    }

    private func upload(_ part: MultipartPlan.Part, _ sums: FileRange.Sums) throws(TransferError) -> SentPart? {
        do throws(TransferError) {
            return try client.uploadPart(object, uploadID, part, of: file, sums, kind)
        } catch {
            // A body that the server found damaged again and again may have been damaged before it left.
            guard [.refused, .unreachable].contains(error.code), try FileRange(file, part).sha256() != sums.sha256 else { throw error }
            throw try damaged(part)
        }
    }

    /// What a person shall know of a file with a stretch that is not what is listed.
    private func damaged(_ part: MultipartPlan.Part) throws(TransferError) -> TransferError {
        try demandListedContent()
        return TransferError(
            .invalidPackage, operation: "check",
            detail: "package.json has a wrong SHA-256 for the bytes of \(file) from \(part.offset) on, and the right one for all of it; "
                + "remove the package, so that the next run puts it together again")
    }

    /// The SHA-256 that `package.json` has for a part; nil: it is none of the file's pieces.
    private static func listed(_ part: MultipartPlan.Part, in object: OutgoingObject) -> String? {
        object.pieces?.sha256(offset: part.offset, bytes: part.bytes, total: object.stored.bytes)
    }

    /// A server that was told a wrong body, or whose answer came wrong.
    private static func isRight(_ sent: SentPart, _ sums: FileRange.Sums) -> Bool {
        guard let md5 = sums.md5, !sent.hasOpaqueETag, ETag.isMD5(sent.part.etag) else { return true }
        return sent.part.etag.lowercased() == md5
    }

    /// Puts the parts together. An upload that is gone is no failure by itself: another run may have completed it, and whether the object
    /// is there is looked at afterwards.
    /// - Returns: what its object is known by; nothing when it may be another run's.
    func complete() throws(TransferError) -> WriteEvidence {
        if isGone.load(ordering: .relaxed) { return WriteEvidence() }
        if client.bodyTrust.refusesOthers { try compareETags() }
        guard let parts = state.withLock({ $0.completion }) else {
            throw TransferError(.inputOutput, operation: "upload", detail: "\(object.key) lacks a part")
        }
        // Some servers hold writes to their condition, but not this one: then a look is all that keeps another's object.
        let there = client.settings.conditionalWrites && !object.isOverwriting ? try client.head(object.key) : nil
        switch there == nil ? try client.completeUpload(object, uploadID, parts) : .existed {
        case .written?:
            let checksums = parts.compactMap(\.sha256)
            return WriteEvidence(
                md5: ETag.composite(parts.map(\.etag)),
                compositeSHA256: checksums.count == parts.count ? Digest.compositeSHA256(checksums) : nil)
        case .existed?:
            // Somebody was faster; our parts are of no use.
            try client.abortUpload(object.key, uploadID)
            return WriteEvidence()
        case nil: return WriteEvidence()
        }
    }

    /// No MD5 has told whether the ETags came right: the server is asked again, and the file where it says another.
    private func compareETags() throws(TransferError) {
        let sent = state.withLock { $0.completion } ?? []
        for listed in try client.listParts(object.key, uploadID) {
            guard let part = sent.first(where: { $0.number == listed.number }), part.etag != listed.etag,
                let range = state.withLock({ state in state.plan.parts.first { $0.number == listed.number } }),
                try Self.isSame(range, listed, in: object, file)
            else { continue }
            state.withLock { $0.succeeded(.init(number: part.number, etag: listed.etag, sha256: part.sha256)) }
        }
    }

    /// Whether the part that the server holds is what it should be, by whatever checksum the server keeps.
    private static func isSame(
        _ part: MultipartPlan.Part, _ there: ListedPart, in object: OutgoingObject, _ file: String
    ) throws(TransferError) -> Bool {
        guard part.bytes == there.bytes else { return false }
        let (range, listed) = (FileRange(file, part), listed(part, in: object))
        if let told = there.sha256 {
            let ours = if let listed { listed } else { try range.sha256() }
            return told == Digest.base64(hex: ours)
        }
        // Not MD5 for objects under some kinds of encryption: then it never fits, and the part is sent again.
        guard let listed else { return try range.md5() == there.etag }
        let sums = try range.sums(withMD5: true)
        return sums.md5 == there.etag && sums.sha256 == listed
    }
}
