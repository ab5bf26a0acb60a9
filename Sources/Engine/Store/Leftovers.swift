import Foundation

/// Which files and folders their owners have abandoned: those of a process of this machine that has ended, and of others those that nobody
/// has written to for a day. What a worker of another machine may be writing stays. A name begins with its owner's `ProcessIdentity`.
package struct Leftovers: Sendable {
    /// Seconds after which something that is not written to is abandoned, whoever owns it.
    static let age = 86_400.0

    private let takesOwn: Bool
    private let now: Date

    /// - Parameter takesOwn: what this very process has made is abandoned too: it has just taken the folder, and begins anew.
    package init(takesOwn: Bool) { self.init(takesOwn: takesOwn, now: Date()) }

    init(takesOwn: Bool, now: Date) {
        self.takesOwn = takesOwn
        self.now = now
    }

    /// Removes what is abandoned in a folder, which need not be there.
    package func remove(in folder: String) throws {
        guard SystemCall.exists(folder) else { return }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where isAbandoned(name, in: folder) {
            // Another process may have come first.
            do { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") } catch  where SystemCall.isGone("\(folder)/\(name)") {}
        }
    }

    private func isAbandoned(_ name: String, in folder: String) -> Bool {
        guard let owner = ProcessIdentity(owning: name), owner.isOfThisMachine else {
            return now.timeIntervalSince(lastWrite("\(folder)/\(name)")) > Self.age
        }
        return owner == .current ? takesOwn : owner.hasEnded
    }

    /// To the file, or to anything within the folder.
    private func lastWrite(_ path: String) -> Date {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
        let times = ([path] + names.map { "\(path)/\($0)" }).compactMap { SystemCall.status($0)?.st_mtim.tv_sec }
        // What cannot be looked at may be in the making.
        return times.max().map { Date(timeIntervalSince1970: Double($0)) } ?? now
    }
}
