import Engine
import MediaModel

/// What a catalog's CDN is owed: the work folder's journal keeps it from before the catalog's transaction until the CDN has been told.
struct PurgeLedger: Sendable {
    private let purger: Purger
    private let outbox: PurgeOutbox?
    /// Why there is no outbox.
    private let fault: String

    /// A run's.
    /// - Parameter environment: where secrets are looked for.
    init(_ settings: PurgeSettings, outbox: PurgeOutbox, environment: [String: String]) throws(TransferError) {
        purger = try Purger(settings, environment: environment)
        self.outbox = outbox
        fault = ""
    }

    /// Of one who is no run. A run may be going in the work folder, so nothing there is ours but what we write.
    init(_ settings: PurgeSettings, catalog: String, visiting work: String, environment: [String: String]) throws(TransferError) {
        purger = try Purger(settings, environment: environment)
        // A version that must go waits for no journal.
        do {
            outbox = PurgeOutbox(try Journal(visiting: WorkFolder(path: work).path), catalog: catalog)
            fault = ""
        } catch {
            outbox = nil
            fault = FailureReason.line(error)
        }
    }

    var owed: [Purge] { outbox?.pending ?? [] }

    /// Records, durably, that a CDN must be told. Call before the catalog's transaction.
    func owe(_ purge: Purge) { outbox?.enqueue(purge) }

    /// Nobody needs to be told any more.
    func forget(_ purge: Purge) { outbox?.remove(purge) }

    /// Tells the CDN.
    /// - Throws: where it was not told: it is still owed then.
    func pay(_ purge: Purge, isHasty: Bool = false, isStopped: @escaping @Sendable () -> Bool) throws(TransferError) {
        try purger.send(
            title: purge.title, version: purge.version, location: purge.location, isHasty: isHasty, isStopped: isStopped)
        forget(purge)
    }

    /// A line for a person on one that was not sent.
    func warning(of error: TransferError, sending purge: Purge) -> String {
        let next =
            owed.contains(purge) ? "which the next run tries again" : "and no run will try again\(fault.isEmpty ? "" : " (\(fault))")"
        return "nothing was purged, \(next): \(FailureReason.line(error))"
    }
}
