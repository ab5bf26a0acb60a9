import FileSystem
import Foundation
import MediaModel
import S3

/// What a write has left in our hands to know its object by.
struct WriteEvidence {
    /// The server's answer to it.
    var etag: String?
    /// Of the bytes that went out, lower-case hex; for parts the MD5 of their MD5s, and how many there are.
    var md5: String?
    /// Base64, for parts alone: SHA-256 of their SHA-256, and how many there are.
    var compositeSHA256: String?
}

/// Looks at an object that shall be there, and holds what the server says of it against what it shall be.
///
/// What proves what: the signature of every write covers the SHA-256 that `package.json` has for the file, so a server that checks it takes
/// no other bytes. Whether it does, one wrong body tells, see `BodyTrust`. Where it refuses that, a write that succeeded is what was meant;
/// a
/// SHA-256 that it tells, or else an ETag that is the one which answered our write, says that the object is what this write has made, and
/// no
/// MD5 is ever computed. Where it takes it, and until it is known, objects are held to their ETag as the MD5 of what the server has got.
/// Ours comes from the bytes as they are sent, and of parts from the reading that their
/// SHA-256 needs anyway, so the file is not read once more. Only for an object that this run did not send, a kept or a copied one, is it
/// read, and still not sent. Our own metadata and the size alone would prove nothing: they say what was meant to be there.
struct ObjectCheck {
    let client: S3Client
    let object: OutgoingObject
    var evidence = WriteEvidence()

    enum Verdict {
        case right(ObjectFacts)
        case absent
        case otherBytes(ObjectFacts)
        /// - Parameter fault: the header that is wrong.
        case misserved(ObjectFacts, fault: String)
    }

    /// Looks more than once at what is wrong: the answer itself may have been damaged on its way.
    func verdict() throws(TransferError) -> Verdict {
        var verdict = try look()
        for _ in 0..<3 {
            if case .right = verdict { break }
            verdict = try look()
        }
        return verdict
    }

    func look() throws(TransferError) -> Verdict {
        guard let facts = try client.head(object.key) else { return .absent }
        guard try isSame(facts) else { return .otherBytes(facts) }
        return object.misserved(facts, isEncoded: object.isEncoded).map { .misserved(facts, fault: $0) } ?? .right(facts)
    }

    /// A text that was sent when playlists were encoded and now are not, or the other way round, is as good: readers get the same.
    func isKeptInAnotherForm(_ facts: ObjectFacts) throws(TransferError) -> Bool {
        let isEncoded = facts.contentEncoding == "gzip"
        guard [.mediaPlaylists, .multivariant].contains(UploadStage(of: object.path)), isEncoded != object.isEncoded,
            facts.recordedSHA256 == object.original.sha256, object.misserved(facts, isEncoded: isEncoded) == nil,
            let text = try client.get(object.key, limit: Int(object.original.bytes))
        else { return false }
        return Digest.hexSHA256(text) == object.original.sha256
    }

    private func isSame(_ facts: ObjectFacts) throws(TransferError) -> Bool {
        guard facts.bytes == object.stored.bytes else { return false }
        if let told = facts.sha256 {
            guard told == object.stored.sha256 else { return false }
            // One that checks nothing may only repeat what it was told.
            if client.bodyTrust.refusesOthers { return true }
        } else {
            guard facts.recordedSHA256 == object.original.sha256 else { return false }
        }
        if let told = facts.compositeSHA256 {
            if let ours = evidence.compositeSHA256 { return told == ours }
            return try parts(of: facts).map { $0.sha256 == told } ?? true
        }
        // Under a customer's key, and at servers that count otherwise, it only says whether this is what our write made.
        guard !facts.hasOpaqueETag, ETag.isMD5(facts.etag) else { return evidence.etag.map { $0 == facts.etag } ?? true }
        let etag = facts.etag.lowercased()
        if etag.contains("-") {
            if let ours = evidence.md5 { return etag == ours }
            return try parts(of: facts).map { $0.md5 == etag } ?? true
        }
        if client.bodyTrust.refusesOthers, evidence.md5 == nil, let answered = evidence.etag, answered == facts.etag { return true }
        let ours = try md5()
        return ours.contains("-") || etag == ours
    }

    private func md5() throws(TransferError) -> String {
        if let sent = evidence.md5 { return sent }
        return try object.md5()
    }

    /// The file's composite checksums if it is cut as the object was: as its first part tells, or else as we cut such a file. nil: neither
    /// gives as many parts as there were.
    private func parts(of facts: ObjectFacts) throws(TransferError) -> FileRange.Sums? {
        let checksum = facts.compositeSHA256 ?? facts.etag
        let ours = MultipartPlan.partBytes(of: facts.bytes, preferred: client.settings.partBytes)
        guard let file = object.file, let count = checksum.split(separator: "-").last.flatMap({ Int64($0) }),
            let first = [try client.bytesOfFirstPart(object.key) ?? 0, ours].first(where: { $0 > 0 && (facts.bytes + $0 - 1) / $0 == count }
            )
        else { return nil }
        var sums: [FileRange.Sums] = []
        for offset in stride(from: 0, to: facts.bytes, by: Int64.Stride(first)) {
            sums.append(try FileRange(file, offset: offset, bytes: min(first, facts.bytes - offset)).sums(withMD5: true))
        }
        let sha256 = Digest.compositeSHA256(sums.compactMap { Digest.base64(hex: $0.sha256) })
        return FileRange.Sums(sha256: sha256, md5: ETag.composite(sums.compactMap(\.md5)))
    }

    /// What a person shall know of a verdict that is not right.
    func failure(_ verdict: Verdict) throws(TransferError) -> TransferError {
        let url = "s3://\(client.settings.bucket)/\(object.key)"
        switch verdict {
        case .right, .absent:
            return TransferError(
                .inputOutput, operation: "check", detail: "\(url) is not there after it was written; did somebody remove it or its upload?")
        case .misserved(_, let fault):
            return TransferError(
                .conflict, operation: "check",
                detail:
                    "\(url) has the right bytes, but would be served wrong: \(fault); remove it to publish it anew, or use a store that "
                    + "keeps what it is told")
        case .otherBytes(let facts):
            if facts.bytes == object.stored.bytes, facts.sha256 == nil, facts.recordedSHA256 == nil {
                return TransferError(
                    .conflict, operation: "check",
                    detail: "\(url) has no \(ObjectFacts.recordHeader), which it was written with: this store keeps no metadata, or "
                        + "somebody else wrote the object")
            }
            let told = FileContent(bytes: facts.bytes, sha256: facts.sha256 ?? facts.recordedSHA256 ?? "unknown")
            // What was written beside it, and what a server only repeats, is as it was meant.
            let isRecordRight = [object.original.sha256, object.stored.sha256].contains(told.sha256)
            guard facts.bytes == object.stored.bytes, isRecordRight else { return S3Store.conflict(s3: url, told, object.stored) }
            return TransferError(
                .conflict, operation: "check",
                detail: "\(url) has the ETag \(facts.etag), but the bytes of this package have the MD5 \(try md5()); "
                    + "remove it to publish it anew")
        }
    }
}
