import MediaModel
import Synchronization

/// Brings objects into a bucket, many at the same time, and looks at them afterwards.
///
/// The looks come when all of a stage is written: a server that is busy with bodies answers them more slowly. But the first object of all is
/// looked at before the second is sent, so that a server which forgets what it is told, an encryption perhaps, gets one, not a film.
final class Delivery: Sendable {
    let client: S3Client
    private let prefix: String
    private let there: Set<String>
    private let previous: [FileContent: String]
    private let copiesBlindly = Atomic(false)
    private let copiesNothing = Atomic(false)
    private let counts = Mutex(S3Store.Report(location: ""))
    private let written = Mutex<[WrittenObject]>([])
    private let isUntried = Atomic(true)

    /// - Parameters:
    ///   - prefix: what the keys of all objects begin with.
    ///   - there: keys that the version has already.
    ///   - previous: keys of the previous version by their files' content.
    init(_ client: S3Client, below prefix: String, there: Set<String>, previous: [FileContent: String]) {
        self.client = client
        self.prefix = prefix
        self.there = there
        self.previous = previous
    }

    func report(location: String) -> S3Store.Report {
        var report = counts.withLock { $0 }
        report.location = location
        return report
    }

    /// Returns when every object is there and was looked at.
    func deliver(_ objects: [OutgoingObject]) throws(PublishingError) {
        if let first = objects.last, isUntried.exchange(false, ordering: .relaxed) {
            try write([first])
            try confirm()
            try write(objects.dropLast())
        } else {
            try write(objects)
        }
        try confirm()
    }

    private func write(_ objects: [OutgoingObject]) throws(PublishingError) {
        let large = objects.filter(goesInParts)
        let uploads = try large.isEmpty ? [] : begin(large)
        var work: [Work] = uploads.map { .hash($0) }
        for upload in uploads { work += upload.remaining.map { .part(upload, $0) } }
        work += objects.filter { !goesInParts($0) }.map { .object($0) }
        try inParallel(work) { [self] work throws(PublishingError) in
            switch work {
            case .hash(let upload): try upload.checkFile()
            case .part(let upload, let part): try send(part, of: upload)
            case .object(let object): try bring(object)
            }
        }
        try inParallel(uploads) { [self] upload throws(PublishingError) in try complete(upload) }
    }

    private func confirm() throws(PublishingError) {
        let written = written.withLock { list in
            defer { list = [] }
            return list
        }
        let looks = Looks(at: written, client.settings, client.bodyTrust)
        try inParallel(looks.single) { [self] entry throws(PublishingError) in try look(at: entry) }
        guard !looks.listed.isEmpty else { return }
        let missing = looks.missing(in: try client.list(prefix).objects)
        try inParallel(missing) { [self] entry throws(PublishingError) in try look(at: entry) }
    }

    private enum Work: Sendable {
        case hash(MultipartUpload)
        case part(MultipartUpload, MultipartPlan.Part)
        case object(OutgoingObject)
    }

    private func inParallel<Item: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) throws(PublishingError) -> Void
    ) throws(PublishingError) {
        let client = client
        try ParallelWork.forEach(
            items, threads: client.settings.concurrency, isStopped: { client.wasStopped }, stop: { client.stop() }, body)
    }

    private func goesInParts(_ object: OutgoingObject) -> Bool {
        guard !there.contains(object.key), object.file != nil else { return false }
        let settings = client.settings
        return object.stored.bytes >= (previous[object.original] == nil ? settings.multipartThreshold : settings.copyThreshold)
    }

    // MARK: Whole objects

    private func bring(_ object: OutgoingObject) throws(PublishingError) {
        if there.contains(object.key) { return try keep(object) }
        if let source = previous[object.original], !copiesNothing.load(ordering: .relaxed) {
            switch try copy(source, to: object) {
            case .written:
                if case .right(let facts) = try ObjectCheck(client: client, object: object).look() {
                    try refuseUnencrypted(facts, object)
                    try tagWhereForgotten(facts, object)
                    return counts.withLock { $0.copiedObjects += 1 }
                }
                // What the previous version holds is not what its package.json says, or is served in another way. The copy is ours.
                return try send(object, overwriting: true)
            case .existed: return try keep(object)
            case .notImplemented: copiesNothing.store(true, ordering: .relaxed)
            case .refused: break
            }
        }
        try send(object, overwriting: false)
    }

    private func copy(_ source: String, to object: OutgoingObject) throws(PublishingError) -> CopyResult {
        if client.settings.conditionalWrites, !copiesBlindly.load(ordering: .relaxed) {
            let result = try client.copy(source, to: object, overwriting: false)
            switch result {
            case .notImplemented: break
            case .existed where try client.head(object.key) == nil: break
            default: return result
            }
            // Some servers know no condition for copies, or hold it against the source, which is there. Then a look must do.
            copiesBlindly.store(true, ordering: .relaxed)
        }
        if try client.head(object.key) != nil { return .existed }
        return try client.copy(source, to: object, overwriting: true)
    }

    private func send(_ object: OutgoingObject, overwriting: Bool) throws(PublishingError) {
        let sum = client.bodyTrust.needsMD5 ? SendingMD5() : nil
        let result: WriteResult
        do throws(PublishingError) {
            result = try client.put(object, overwriting: overwriting, sum: sum)
        } catch {
            throw try explain(error, object)
        }
        // Also when an earlier try had arrived after all, and only its answer was lost.
        guard case .written(let etag) = result else { return try keep(object) }
        let evidence = WriteEvidence(etag: etag, md5: sum?.hex(bytes: object.stored.bytes))
        written.withLock { $0.append(WrittenObject(object: object, evidence: evidence)) }
        counts.withLock { counts in
            counts.sentObjects += 1
            counts.sentBytes += object.stored.bytes
        }
    }

    /// Something stands there already: the same is a success.
    private func keep(_ object: OutgoingObject) throws(PublishingError) {
        let check = ObjectCheck(client: client, object: object)
        let verdict = try check.verdict()
        switch verdict {
        case .right(let facts):
            try refuseUnencrypted(facts, object)
            if object.stored.bytes >= client.settings.multipartThreshold { try tagWhereForgotten(facts, object) }
        case .otherBytes(let facts) where try check.isKeptInAnotherForm(facts): try refuseUnencrypted(facts, object)
        case .misserved(let facts, _) where try check.isKeptInAnotherForm(facts): try refuseUnencrypted(facts, object)
        default: throw try check.failure(verdict)
        }
        counts.withLock { $0.keptObjects += 1 }
    }

    private func look(at written: WrittenObject) throws(PublishingError) {
        let check = ObjectCheck(client: client, object: written.object, evidence: written.evidence)
        let verdict = try check.verdict()
        guard case .right(let facts) = verdict else { throw try check.failure(verdict) }
        try refuseUnencrypted(facts, written.object)
        if written.object.stored.bytes >= client.settings.multipartThreshold { try tagWhereForgotten(facts, written.object) }
    }

    /// Some servers take the wish for encryption and do nothing about it.
    private func refuseUnencrypted(_ facts: ObjectFacts, _ object: OutgoingObject) throws(PublishingError) {
        guard let asked = client.settings.serverSideEncryption, facts.serverSideEncryption != asked else { return }
        throw PublishingError(
            .refused, operation: "check",
            detail: "s3://\(client.settings.bucket)/\(object.key) was to be encrypted with \(asked), but the server says that it is "
                + "\(facts.serverSideEncryption.map { "with \($0)" } ?? "not")")
    }

    /// Some servers forget the tags of copies and of what they put together from parts.
    private func tagWhereForgotten(_ facts: ObjectFacts, _ object: OutgoingObject) throws(PublishingError) {
        let tags = client.settings.tags
        if !tags.isEmpty, facts.tagCount != tags.count { try client.tag(object.key) }
    }

    /// A body that the server found damaged again and again may have been damaged before it left.
    private func explain(_ error: PublishingError, _ object: OutgoingObject) throws(PublishingError) -> PublishingError {
        guard [.refused, .unreachable].contains(error.code), let file = object.file else { return error }
        let found = try FileContent(of: file)
        return found == object.original ? error : StagedObjects.damaged(file, found, object.original)
    }

    // MARK: Objects in parts

    private func begin(_ objects: [OutgoingObject]) throws(PublishingError) -> [MultipartUpload] {
        let begun = Uploads()
        try inParallel(objects) { [self] object throws(PublishingError) in
            begun.append(try MultipartUpload(object, client, copying: previous[object.original]))
        }
        return begun.all
    }

    private final class Uploads: Sendable {
        private let list = Mutex<[MultipartUpload]>([])

        func append(_ upload: MultipartUpload) { list.withLock { $0.append(upload) } }

        var all: [MultipartUpload] { list.withLock { $0 } }
    }

    private func send(_ part: MultipartPlan.Part, of upload: MultipartUpload) throws(PublishingError) {
        if try upload.send(part) == .sent { counts.withLock { $0.sentBytes += part.bytes } }
    }

    private func complete(_ upload: MultipartUpload) throws(PublishingError) {
        let evidence = try upload.complete()
        written.withLock { $0.append(WrittenObject(object: upload.object, evidence: evidence)) }
        counts.withLock { counts in
            if upload.isCopied { counts.copiedObjects += 1 } else { counts.sentObjects += 1 }
        }
    }
}
