import FileSystem
import MediaModel
import S3
import Synchronization

/// Objects that need not be sent: what stands at its place already, and what the previous version holds.
extension Delivery {
    // MARK: What is there

    func unkept(_ objects: [OutgoingObject]) throws(TransferError) -> [OutgoingObject] {
        try rest(of: objects) { [self] object throws(TransferError) in try keep(object) }.map(\.overwriting)
    }

    /// Something stands there already: the same is a success.
    /// - Returns: false for what a run with other settings has left. Its version is not whole, so that nobody has seen it.
    private func keep(_ object: OutgoingObject) throws(TransferError) -> Bool {
        let check = ObjectCheck(client: client, object: object)
        let verdict = try check.verdict()
        let facts: ObjectFacts
        switch verdict {
        case .right(let found): facts = found
        case .otherBytes(let found) where try check.isKeptInAnotherForm(found): facts = found
        case .misserved(let found, _) where try check.isKeptInAnotherForm(found): facts = found
        case .misserved where !isWhole: return false
        case .otherBytes where mends, .misserved where mends, .absent where mends: return false
        default: throw try check.failure(verdict)
        }
        if !isWhole, !isPlaced(facts) { return false }
        try refuseUnencrypted(facts, object)
        if goesInParts(object) { try tagWhereForgotten(facts, object) }
        counts.withLock { $0.keptObjects += 1 }
        return true
    }

    /// Another run was faster.
    func demandKept(_ object: OutgoingObject) throws(TransferError) {
        guard try !keep(object) else { return }
        throw misplacement(of: object)
    }

    private func isPlaced(_ facts: ObjectFacts) -> Bool {
        facts.placement == client.settings.placementMark
            && (client.settings.serverSideEncryption == nil || facts.serverSideEncryption == client.settings.serverSideEncryption)
    }

    func misplacement(of object: OutgoingObject) -> TransferError {
        TransferError(
            .conflict, operation: "check",
            detail: "s3://\(client.settings.bucket)/\(object.key) was written at this moment by another run, with another storage class, "
                + "ACL, encryption or other tags, or this store keeps no metadata; run again when that one has ended")
    }

    // MARK: Copies

    /// Copies what the previous version holds.
    /// - Returns: what has to be sent.
    func uncopied(_ objects: [OutgoingObject]) throws(TransferError) -> [OutgoingObject] {
        let copyable = objects.filter { previous[$0.original] != nil && $0.stored.bytes < client.settings.copyThreshold }
        guard !copyable.isEmpty else { return objects }
        let keys = Set(copyable.map(\.key))
        let sent = Collected<OutgoingObject>()
        try inParallel(copyable) { [self] object throws(TransferError) in
            if let object = try uncopied(object) { sent.append(object) }
        }
        return objects.filter { !keys.contains($0.key) } + sent.all
    }

    /// - Returns: the object, if it has to be sent.
    private func uncopied(_ object: OutgoingObject) throws(TransferError) -> OutgoingObject? {
        guard let source = previous[object.original], !copiesNothing.load(ordering: .relaxed) else { return object }
        switch try copy(source, to: object) {
        case .written:
            guard case .right(let facts) = try ObjectCheck(client: client, object: object).look(),
                facts.placement == client.settings.placementMark
            else {
                // What the previous version holds is not what its package.json says, or is served in another way. The copy is ours.
                return object.overwriting
            }
            try refuseUnencrypted(facts, object)
            try tagWhereForgotten(facts, object)
            counts.withLock { $0.copiedObjects += 1 }
        case .existed: try demandKept(object)
        case .notImplemented:
            copiesNothing.store(true, ordering: .relaxed)
            return object
        case .refused: return object
        }
        return nil
    }

    private func copy(_ source: String, to object: OutgoingObject) throws(TransferError) -> CopyResult {
        if object.isOverwriting { return try client.copy(source, to: object, overwriting: true) }
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
}
