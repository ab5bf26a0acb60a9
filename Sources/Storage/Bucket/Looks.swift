import FileSystem
import MediaModel
import S3

/// An object that this run has written, and what it is known by.
struct WrittenObject: Sendable {
    let object: OutgoingObject
    let evidence: WriteEvidence
}

/// How objects are looked at after they were written: each by itself, or most of them by one listing.
///
/// Where the settings ask for it, a listing stands for the looks at segments and pictures that came in one piece, if the server checks what
/// it gets against its SHA-256 (see `BodyTrust`), so that its answer to the write is proof of the bytes. That they are there, and whole, a
/// listing tells by key, size and ETag. How they will be served it does not tell; but a server that forgets a header forgets it of all
/// objects of a kind, and one of each kind is looked at by itself.
struct Looks {
    private(set) var single: [WrittenObject] = []
    private(set) var listed: [WrittenObject] = []

    /// What is sent with the same headers.
    private struct Kind: Hashable {
        let contentType: String
        let isEncoded: Bool
    }

    init(at written: [WrittenObject], _ settings: S3Settings, _ trust: BodyTrust) {
        guard settings.confirmation == .list, !trust.needsMD5 else {
            single = written
            return
        }
        var known: Set<Kind> = []
        for entry in written {
            let isProven = entry.evidence.etag != nil && UploadStage(of: entry.object.path) == .media
            let kind = Kind(contentType: entry.object.contentType, isEncoded: entry.object.isEncoded)
            if isProven, known.contains(kind) {
                listed.append(entry)
            } else {
                single.append(entry)
                known.insert(kind)
            }
        }
    }

    /// Those of `listed` that a listing does not show as the server took them. It may only lag behind.
    func missing(in listing: [ObjectPage.Object]) -> [WrittenObject] {
        let there = Dictionary(listing.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        return listed.filter { entry in
            guard let found = there[entry.object.key] else { return true }
            return found.bytes != entry.object.stored.bytes || found.etag != entry.evidence.etag
        }
    }
}
