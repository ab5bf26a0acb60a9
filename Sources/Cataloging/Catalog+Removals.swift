internal import Foundation
internal import GRDB

/// Removals of versions' files, told to whoever may be publishing the same version at that moment, on whatever machine. A bucket has no
/// lock, so the catalog, which both ask, holds a lease for each version: `count` says how often the right to its files has changed hands,
/// `begun_at` when the removal that goes on was last heard of, NULL if none does.
///
/// - `gc` begins a removal before the first file goes: `count` grows by one, and that number is its lease. Where another `gc` holds one, it
///   stays away.
/// - It renews the lease before each request that deletes, and stops where it is not its own any more. What is left is a stray, which the
///   next `gc` finds. At the end it gives the lease back, if it is still its own.
/// - A run asks before its first file. While a lease is held it stays away. One that was not renewed for `removalPatience` was its holder's
///   last sign of life: the run takes over, `count` grows, and a `gc` that was only held up renews in vain.
/// - The run's transaction demands the `count` that it was told: no removal was begun since.
///
/// What remains: one request that deletes, which arrives late because its `gc` was held up between renewal and request, or because a server
/// asked for very long waits. It learns of it from its next renewal or its end, and says so.
extension Catalog {
    /// Seconds for which a lease holds. A request that deletes a thousand objects is tried ten times, with waits of 72 s together where the
    /// server asks for no longer ones, and a server that has gone silent is left after 300 s each time: three such tries fit. And servers
    /// refuse a request that was signed
    /// 15 minutes ago, so that one that was stuck on its way deletes nothing any more. A `gc` that was killed keeps runs out no longer.
    package static let removalPatience: Int64 = 900

    /// Begins the removal of a version's files; with it the catalog forgets a version that is not current.
    /// - Parameters:
    ///   - isSuperseded: whether the catalog may know it. False: one that it has come to know stays.
    ///   - titleRemovedBefore: Unix seconds: the current one may go too, with all that is known of its title, where the title was taken off
    ///     before that, is so still, and has no other version any more; nil: it stays.
    ///   - now: Unix seconds.
    /// - Returns: the lease; nil where the version is needed: nothing was changed, and no file may go.
    /// - Throws: `beingRemoved` where another removal of it is going on.
    package func beginRemoval(
        of id: String, version: String, isSuperseded: Bool, titleRemovedBefore: Int64? = nil,
        now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws(CatalogError) -> Int? {
        try changing("begin the removal of \(version)") { db in
            if try Self.removal(db, of: id, version: version)?.isGoingOn(now) == true {
                throw Self.beingRemoved("remove", id, version)
            }
            if isSuperseded {
                try db.execute(
                    sql: """
                        DELETE FROM versions WHERE title_id = ? AND version = ?
                        AND version <> (SELECT current_version FROM titles WHERE titles.id = title_id)
                        """,
                    arguments: [id, version])
                if let titleRemovedBefore { try Self.forget(db, id, last: version, removedBefore: titleRemovedBefore) }
            }
            let isKnown = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM versions WHERE title_id = ? AND version = ?)", arguments: [id, version])
            guard isKnown == false else { return nil }
            try db.execute(
                sql: """
                    INSERT INTO removals (title_id, version, count, begun_at) VALUES (?, ?, 1, ?)
                    ON CONFLICT (title_id, version) DO UPDATE SET count = count + 1, begun_at = excluded.begun_at
                    """,
                arguments: [id, version, now])
            return try Self.removal(db, of: id, version: version)?.count
        }
    }

    /// Asked before each request that deletes.
    /// - Returns: false: the lease is another's by now, and no further file may go.
    package func renewRemoval(
        of id: String, version: String, lease: Int, now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws(CatalogError) -> Bool {
        try setRemoval("renew the removal of \(version)", of: id, version: version, lease: lease, begun: now)
    }

    /// The files are gone, or stay after all.
    /// - Returns: false: the lease was another's before it was given back.
    @discardableResult
    package func endRemoval(of id: String, version: String, lease: Int) throws(CatalogError) -> Bool {
        try setRemoval("end the removal of \(version)", of: id, version: version, lease: lease, begun: nil)
    }

    private func setRemoval(
        _ operation: String, of id: String, version: String, lease: Int, begun: Int64?
    ) throws(CatalogError) -> Bool {
        try changing(operation) { db in
            try db.execute(
                sql: "UPDATE removals SET begun_at = ? WHERE title_id = ? AND version = ? AND count = ? AND begun_at IS NOT NULL",
                arguments: [begun, id, version, lease])
            return db.changesCount == 1
        }
    }

    /// How often the right to a version's files has changed hands: what `CatalogEntry.removals` wants, asked before the first file is
    /// published. Takes over where a removal was given up.
    /// - Throws: `beingRemoved` while a removal is going on.
    package func removals(
        of id: String, version: String, now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws(CatalogError) -> Int {
        guard let known = try asking("read", { try Self.removal($0, of: id, version: version) }) else { return 0 }
        guard known.begun != nil else { return known.count }
        return try changing("take over from a removal of \(version)") { db in
            // Its holder may have been heard of since.
            guard let removal = try Self.removal(db, of: id, version: version) else { return 0 }
            if removal.isGoingOn(now) { throw Self.beingRemoved("publish", id, version) }
            guard removal.begun != nil else { return removal.count }
            try db.execute(
                sql: "UPDATE removals SET count = count + 1, begun_at = NULL WHERE title_id = ? AND version = ?", arguments: [id, version])
            return removal.count + 1
        }
    }

    /// Why files that a run has written may not be there.
    /// - Throws: `beingRemoved` while a removal is going on, `conflict` where one was since the run looked.
    package func demandNoRemoval(of id: String, version: String, since removals: Int) throws(CatalogError) {
        _ = try self.removals(of: id, version: version)
        try asking("read") { db in try Self.demandNoRemoval(db, of: id, version: version, since: removals) }
    }

    /// - Throws: `conflict` where files of the version may have gone since the run looked.
    static func demandNoRemoval(_ db: Database, of id: String, version: String, since removals: Int) throws {
        guard (try removal(db, of: id, version: version)?.count ?? 0) == removals else {
            throw CatalogError(
                .conflict, operation: "publish",
                detail: "\(id): 'reelmill gc' removed files of version \(version) while they were being published; run again")
        }
    }

    private struct Removal {
        var count: Int
        /// Unix seconds; nil: none is going on.
        var begun: Int64?

        /// Another machine's clock may be ahead a little; what began in years to come was begun by a clock that has been put right since.
        func isGoingOn(_ now: Int64) -> Bool {
            guard let begun else { return false }
            return begun > now - Catalog.removalPatience && begun < now + Catalog.removalPatience
        }
    }

    private static func removal(_ db: Database, of id: String, version: String) throws -> Removal? {
        try Row.fetchOne(db, sql: "SELECT count, begun_at FROM removals WHERE title_id = ? AND version = ?", arguments: [id, version])
            .map { Removal(count: $0["count"], begun: $0["begun_at"]) }
    }

    private static func beingRemoved(_ operation: String, _ id: String, _ version: String) -> CatalogError {
        CatalogError(
            .beingRemoved, operation: operation,
            detail: "\(id): 'reelmill gc' is removing an old copy of version \(version); run again in some minutes")
    }
}
