import FileSystem
import MediaModel
import S3
import Synchronization

/// Brings objects into a bucket, many at the same time, and looks at them afterwards.
///
/// The looks come when all of a stage is written: a server that is busy with bodies answers them more slowly. But the first object of all
/// is
/// looked at before the second is sent, so that a server which forgets what it is told, an encryption perhaps, gets one, not a film.
final class Delivery: Sendable {
    let client: S3Client
    private let prefix: String
    private let there: Set<String>
    let isWhole: Bool
    let mends: Bool
    let previous: [FileContent: String]
    let copiesBlindly = Atomic(false)
    let copiesNothing = Atomic(false)
    let counts = Mutex(S3Store.Report(location: ""))
    private let written = Mutex<[WrittenObject]>([])
    private let isUntried = Atomic(true)
    private let sawTags = Atomic(false)
    /// Also of what comes in one piece.
    private let forgetsTags = Atomic(false)

    /// - Parameters:
    ///   - prefix: what the keys of all objects begin with.
    ///   - there: keys that the version has already.
    ///   - isWhole: whether it is published, and so never changes.
    ///   - mends: what is not as it should be is damaged, and is sent again.
    ///   - previous: keys of the previous version by their files' content.
    init(_ client: S3Client, below prefix: String, there: Set<String>, isWhole: Bool, mends: Bool, previous: [FileContent: String]) {
        self.client = client
        self.prefix = prefix
        self.there = there
        self.isWhole = isWhole
        self.mends = mends
        self.previous = previous
    }

    func report(location: String) -> S3Store.Report {
        var report = counts.withLock { $0 }
        report.location = location
        return report
    }

    /// Returns when every object is there and was looked at.
    func deliver(_ objects: [OutgoingObject]) throws(TransferError) {
        if let first = objects.last, isUntried.exchange(false, ordering: .relaxed) {
            try bring([first])
            try bring(objects.dropLast())
        } else {
            try bring(objects)
        }
    }

    private func bring(_ objects: [OutgoingObject]) throws(TransferError) {
        try write(objects)
        let wrong = try confirm()
        guard !wrong.isEmpty else { return }
        try write(wrong.map(\.overwriting))
        if let object = try confirm().first { throw misplacement(of: object) }
    }

    /// Brings what is not there: by a copy where the previous version has it, else by sending it, in parts where it is large.
    private func write(_ objects: [OutgoingObject]) throws(TransferError) {
        var missing = try objects.filter { !stands($0) } + unkept(objects.filter(stands))
        missing = try uncopied(missing)
        let large = missing.filter(goesInParts)
        let uploads = try large.isEmpty ? [] : begin(large)
        var work: [Work] = uploads.map { .hash($0) }
        for upload in uploads { work += upload.remaining.map { .part(upload, $0) } }
        work += missing.filter { !goesInParts($0) }.map { .object($0) }
        try inParallel(work) { [self] work throws(TransferError) in
            switch work {
            case .hash(let upload): try upload.checkFile()
            case .part(let upload, let part): try send(part, of: upload)
            case .object(let object): try send(object)
            }
        }
        try inParallel(uploads) { [self] upload throws(TransferError) in try complete(upload) }
    }

    private func stands(_ object: OutgoingObject) -> Bool { there.contains(object.key) && !object.isOverwriting }

    /// Looks at what was written.
    /// - Returns: objects that are to be written once more.
    private func confirm() throws(TransferError) -> [OutgoingObject] {
        let written = written.withLock { list in
            defer { list = [] }
            return list
        }
        let looks = Looks(at: written, client.settings, client.bodyTrust)
        var wrong = try rest(of: looks.single) { [self] entry throws(TransferError) in try isRight(entry) }
        if !looks.listed.isEmpty {
            let missing = looks.missing(in: try client.list(prefix).objects)
            wrong += try rest(of: missing) { [self] entry throws(TransferError) in try isRight(entry) }
        }
        return wrong.map(\.object)
    }

    private enum Work: Sendable {
        case hash(MultipartUpload)
        case part(MultipartUpload, MultipartPlan.Part)
        case object(OutgoingObject)
    }

    func inParallel<Item: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) throws(TransferError) -> Void
    ) throws(TransferError) {
        let client = client
        try ParallelWork.forEach(
            items, threads: client.settings.concurrency, isStopped: { client.wasStopped }, stop: { client.stop() }, body)
    }

    /// What `isDone` says no of.
    func rest<Item: Sendable>(
        of items: [Item], _ isDone: @escaping @Sendable (Item) throws(TransferError) -> Bool
    ) throws(TransferError) -> [Item] {
        let rest = Collected<Item>()
        try inParallel(items) { item throws(TransferError) in if try !isDone(item) { rest.append(item) } }
        return rest.all
    }

    final class Collected<Item: Sendable>: Sendable {
        private let list = Mutex<[Item]>([])

        func append(_ item: Item) { list.withLock { $0.append(item) } }

        var all: [Item] { list.withLock { $0 } }
    }

    func goesInParts(_ object: OutgoingObject) -> Bool {
        object.file != nil && object.stored.bytes >= client.settings.multipartThreshold
    }

    // MARK: Whole objects

    private func send(_ object: OutgoingObject) throws(TransferError) {
        let sum = client.bodyTrust.needsMD5 ? SendingMD5() : nil
        let result: WriteResult
        do throws(TransferError) {
            result = try client.put(object, sum: sum)
        } catch {
            throw try explain(error, object)
        }
        // Also when an earlier try had arrived after all, and only its answer was lost.
        guard case .written(let etag) = result else { return try demandKept(object) }
        let evidence = WriteEvidence(etag: etag, md5: sum?.hex(bytes: object.stored.bytes))
        written.withLock { $0.append(WrittenObject(object: object, evidence: evidence)) }
        counts.withLock { counts in
            counts.sentObjects += 1
            counts.sentBytes += object.stored.bytes
        }
    }

    /// - Returns: false where it is to be written once more: damaged on its way, or an upload that a run with other settings had begun.
    private func isRight(_ written: WrittenObject) throws(TransferError) -> Bool {
        let check = ObjectCheck(client: client, object: written.object, evidence: written.evidence)
        let verdict = try check.verdict()
        guard case .right(let facts) = verdict else {
            // Bytes that were damaged on their way, at a server that checks none: what stands there is what our own write has made.
            if case .otherBytes(let facts) = verdict, !written.object.isOverwriting, facts.etag == written.evidence.etag { return false }
            throw try check.failure(verdict)
        }
        guard facts.placement == client.settings.placementMark else { return false }
        try refuseUnencrypted(facts, written.object)
        let isLarge = goesInParts(written.object)
        if isLarge || forgetsTags.load(ordering: .relaxed) || !sawTags.exchange(true, ordering: .relaxed) {
            let wasForgotten = try tagWhereForgotten(facts, written.object)
            if wasForgotten, !isLarge { forgetsTags.store(true, ordering: .relaxed) }
        }
        return true
    }

    /// Some servers take the wish for encryption and do nothing about it.
    func refuseUnencrypted(_ facts: ObjectFacts, _ object: OutgoingObject) throws(TransferError) {
        guard let asked = client.settings.serverSideEncryption, facts.serverSideEncryption != asked else { return }
        throw TransferError(
            .refused, operation: "check",
            detail: "s3://\(client.settings.bucket)/\(object.key) was to be encrypted with \(asked), but the server says that it is "
                + "\(facts.serverSideEncryption.map { "with \($0)" } ?? "not")"
                + (isWhole ? "; the version is published already: remove it to publish it anew" : ""))
    }

    /// Some servers forget the tags of copies and of what they put together from parts, and some forget all.
    /// - Returns: whether it had.
    @discardableResult
    func tagWhereForgotten(_ facts: ObjectFacts, _ object: OutgoingObject) throws(TransferError) -> Bool {
        let tags = client.settings.tags
        guard !tags.isEmpty, facts.tagCount != tags.count else { return false }
        var wasForgotten = false
        var kept = try client.tags(object.key, isCounted: facts.tagCount != nil)
        if case .known(let found) = kept, found != tags {
            try client.tag(object.key)
            wasForgotten = true
            kept = try client.tags(object.key, isCounted: facts.tagCount != nil)
        }
        // What a key may not read, it cannot put right either; the tags were sent with the object.
        guard kept != .known(tags), kept != .hidden else { return wasForgotten }
        throw TransferError(
            .refused, operation: "check",
            detail: "s3://\(client.settings.bucket)/\(object.key) was to carry tags, which this store does not keep; leave 'tags' out "
                + "under publish")
    }

    /// A body that the server found damaged again and again may have been damaged before it left.
    private func explain(_ error: TransferError, _ object: OutgoingObject) throws(TransferError) -> TransferError {
        guard [.refused, .unreachable].contains(error.code), let file = object.file else { return error }
        let found = try FileContent(of: file)
        return found == object.original ? error : StagedObjects.damaged(file, found, object.original)
    }

    // MARK: Objects in parts

    private func begin(_ objects: [OutgoingObject]) throws(TransferError) -> [MultipartUpload] {
        let begun = Collected<MultipartUpload>()
        try inParallel(objects) { [self] object throws(TransferError) in
            // A copy in one call that the server refused is refused in parts too.
            let isLarge = object.stored.bytes >= client.settings.copyThreshold
            begun.append(try MultipartUpload(object, client, copying: isLarge ? previous[object.original] : nil))
        }
        return begun.all
    }

    private func send(_ part: MultipartPlan.Part, of upload: MultipartUpload) throws(TransferError) {
        if try upload.send(part) == .sent { counts.withLock { $0.sentBytes += part.bytes } }
    }

    private func complete(_ upload: MultipartUpload) throws(TransferError) {
        let evidence = try upload.complete()
        written.withLock { $0.append(WrittenObject(object: upload.object, evidence: evidence)) }
        counts.withLock { counts in
            if upload.isCopied { counts.copiedObjects += 1 } else { counts.sentObjects += 1 }
        }
    }
}
