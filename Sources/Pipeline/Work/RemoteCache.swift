import Engine
import Fetching
import Foundation
import MediaModel
import Transcoding

/// Remote sources as files of the work folder. What a file is outlasts its bytes: they are fetched when a title is to be made of them, and
/// go when nothing was for some days; what was learnt of them stays, so that an unchanged source of a published title is not fetched again.
final class RemoteCache: Sendable {
    /// What a server said of a file, and what its bytes were. The time of the record itself is when a run last asked for the file.
    private struct Record: Codable {
        var identity: RemoteIdentity
        var sha256: String
        var bytes: Int64
        /// When a title was last made of the bytes, or they came.
        var usedAt: Date

        /// Whether the bytes are those of a file of which a server says this.
        func isOf(_ identity: RemoteIdentity) -> Bool { self.identity.isSame(as: identity) || sha256 == identity.sha256 }
    }

    /// What is here of a file.
    enum Holding: Sendable {
        case bytes
        /// What was learnt of the bytes, which have gone.
        case facts
    }

    /// What a look at a server has found.
    struct Look: Sendable {
        /// What is there.
        var identity: RemoteIdentity
        /// What is here of just that; nil: nothing.
        var holding: Holding?
        /// What a person should know.
        var warning: String?
    }

    private let work: String
    private let files: RemoteFiles
    private let stamps: FileStamps
    /// What a catalog knows of an address, for a work folder that knows nothing.
    private let memory: @Sendable (RemoteAddress) -> [CatalogRemoteFile]

    private static let day = 86_400.0
    /// Days that a record stays which no run asks for: it is small, and saves a fetch.
    private static let recordDays = 365

    init(
        work: WorkFolder, stamps: FileStamps, files: RemoteFiles,
        memory: @escaping @Sendable (RemoteAddress) -> [CatalogRemoteFile] = { _ in [] }
    ) {
        self.memory = memory
        self.work = work.path
        self.files = files
        self.stamps = stamps
    }

    private static func folder(_ work: String) -> String { "\(work)/remote" }

    /// Where an address's file lies, or will. It ends as the address does: some formats are told by that.
    func path(_ address: RemoteAddress) -> String { Self.path(address, work: work) }

    static func path(_ address: RemoteAddress, work: String) -> String {
        var name = String(address.name.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) ? $0 : "_" }.suffix(80))
        // Those names are of records.
        if name.hasSuffix(".json") { name += "_" }
        return "\(folder(work))/\(Fingerprint.of(Array(address.text.utf8)).prefix(32))-\(name)"
    }

    /// What is here of the file, whatever its server may say today; nil: nothing, or bytes that are not what came.
    func holding(_ address: RemoteAddress) throws -> Holding? {
        let path = path(address)
        guard let record = record(path) ?? remembered(address) else { return nil }
        guard SystemCall.exists(path) else {
            try stamps.learn(path, sha256: record.sha256, bytes: record.bytes)
            return .facts
        }
        return try stamps.fingerprint(path) == (record.sha256, record.bytes) ? .bytes : nil
    }

    /// Asks the server whether what is here is still right. Where nobody answers, what is here is taken to be.
    func look(_ address: RemoteAddress) throws -> Look {
        let path = path(address)
        let known = record(path) ?? remembered(address)
        switch Result(catching: { () throws(TransferError) in try files.look(address) }) {
        case .success(let identity):
            guard var known = [known, remembered(address, as: identity)].lazy.compactMap({ $0 }).first(where: { $0.isOf(identity) }) else {
                return Look(identity: identity)
            }
            known.identity = identity
            return try took(address, known)
        case .failure(let error):
            guard error.code == .unreachable, let known, try holding(address) != nil else { throw failure(address, error) }
            var look = try took(address, known)
            look.warning = "its server cannot be asked whether it has changed, so that what came earlier is taken: \(error.detail)"
            return look
        }
    }

    /// What is here is what is there.
    private func took(_ address: RemoteAddress, _ record: Record) throws -> Look {
        let path = path(address)
        try keep(record, path)
        if let holding = try holding(address) { return Look(identity: record.identity, holding: holding) }
        // What was learnt of it before somebody changed it is still right.
        try FileManager.default.removeItem(atPath: path)
        return Look(
            identity: record.identity, holding: try holding(address),
            warning: "what lay in the work folder was not what had come any more; it is fetched anew when it is needed")
    }

    /// Brings the file here.
    /// - Returns: its size, and whether its server tells one file from another.
    func fetch(_ address: RemoteAddress, _ identity: RemoteIdentity) throws -> (bytes: Int64, isFirm: Bool) {
        let path = path(address)
        try FileManager.default.createDirectory(atPath: Self.folder(work), withIntermediateDirectories: true)
        // What came of it in an earlier run has its place already.
        let there = SystemCall.status("\(path).partial").map { Int64($0.st_blocks) * 512 } ?? 0
        try DiskSpace.demand((identity.bytes ?? 0) - there, for: address.shown, at: Self.folder(work))
        let came: (identity: RemoteIdentity, sha256: String)
        do throws(TransferError) { came = try files.fetch(address, identity, to: path) } catch { throw failure(address, error) }
        let bytes = came.identity.bytes ?? 0
        try stamps.learn(path, sha256: came.sha256, bytes: bytes)
        try keep(Record(identity: came.identity, sha256: came.sha256, bytes: bytes, usedAt: Date()), path)
        return (bytes, came.identity.isFirm)
    }

    /// The bytes are read for a title that is being made: they stay for now.
    func use(_ address: RemoteAddress, now: Date = Date()) throws {
        let path = path(address)
        guard var record = record(path) else { return }
        record.usedAt = now
        try keep(record, path)
    }

    private func record(_ path: String) -> Record? { Self.record(path) }

    /// What the catalog knows of the file, as if this work folder had fetched it.
    /// - Parameter identity: what its server says; nil: nobody was asked, and titles that remember different bytes say nothing.
    private func remembered(_ address: RemoteAddress, as identity: RemoteIdentity? = nil) -> Record? {
        let records = memory(address).map { Record(identity: RemoteIdentity($0), sha256: $0.sha256, bytes: $0.bytes, usedAt: Date()) }
        if let identity { return records.first { $0.isOf(identity) } }
        return Set(records.map(\.sha256)).count == 1 ? records.first : nil
    }

    /// What a catalog should remember of the file; nil: nothing is known of it, or its server would not tell another from it.
    func memory(of address: RemoteAddress) -> CatalogRemoteFile? {
        guard let record = record(path(address)), record.identity.isFirm else { return nil }
        return CatalogRemoteFile(address, record.identity, sha256: record.sha256, bytes: record.bytes)
    }

    private static func record(_ path: String) -> Record? {
        FileManager.default.contents(atPath: "\(path).json").flatMap { try? JSONDecoder().decode(Record.self, from: $0) }
    }

    private func keep(_ record: Record, _ path: String) throws {
        // A record that a catalog remembered comes before any bytes.
        try FileManager.default.createDirectory(atPath: Self.folder(work), withIntermediateDirectories: true)
        try JSONEncoder().encode(record).write(to: URL(fileURLWithPath: "\(path).json"), options: .atomic)
    }

    /// A server says that there is no such file; the status has been told.
    private struct Gone: Error, CustomStringConvertible { var description: String { "" } }

    static func isGone(_ error: any Error) -> Bool { (error as? PipelineError)?.underlying is Gone }

    /// A server that cannot be reached fails those titles that need it, not the run.
    private func failure(_ address: RemoteAddress, _ error: TransferError) -> PipelineError {
        let code = FailureReason.code(of: error)
        let isGone = error.code == .missing
        return PipelineError(
            code == .unreachable ? .title : code, "fetch '\(address.shown)'", error.detail, underlying: isGone ? Gone() : nil)
    }

    /// Removes bytes that nothing was made of for some days, what is left of fetches that nobody went on with, and after a year records of
    /// files that no run asks for any more.
    /// - Returns: how many files of bytes went, and how large they were.
    static func clean(work: String, days: Int, now: Date) throws -> (files: Int, bytes: Int64) {
        var removed = (files: 0, bytes: Int64(0))
        guard SystemCall.exists(folder(work)) else { return removed }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder(work)) {
            let path = "\(folder(work))/\(name)"
            guard let status = SystemCall.status(path) else { continue }
            let used = record(path)?.usedAt ?? Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))
            let isRecord = name.hasSuffix(".json") && !name.hasSuffix(".partial.json")
            guard now.timeIntervalSince(used) > Double(isRecord ? recordDays : days) * day else { continue }
            try FileManager.default.removeItem(atPath: path)
            guard !name.hasSuffix(".json") else { continue }
            removed.files += 1
            removed.bytes += Int64(status.st_size)
        }
        return removed
    }

    /// Bytes of files that can be fetched again, what was not used for longest first; not what is still coming.
    static func evictable(work: String) throws -> [(file: String, bytes: Int64)] {
        guard SystemCall.exists(folder(work)) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder(work))
        let files = names.filter { !$0.hasSuffix(".json") && !$0.hasSuffix(".partial") }.compactMap { name -> (String, Int64, Date)? in
            let path = "\(folder(work))/\(name)"
            guard let status = SystemCall.status(path) else { return nil }
            return (path, Int64(status.st_size), record(path)?.usedAt ?? .distantPast)
        }
        return files.sorted { ($0.2, $0.0) < ($1.2, $1.0) }.map { ($0.0, $0.1) }
    }
}
