import Engine
import Foundation
import MediaModel
import Storage
import Synchronization

/// Results of tasks that published versions of a title still hold: the store is the cache of last resort, for a work folder that is empty
/// and for other machines. `package.json` names the task of each of its pieces, and so what need not be done again.
final class PublishedPieces: Sendable {
    /// A result's record, and its files as the version has them.
    private enum Piece {
        case media(version: String, MediaRecord, [File])
        case images(version: String, ImageRecord, [File])

        var version: String {
            switch self {
            case .media(let version, _, _), .images(let version, _, _): version
            }
        }

        var files: [File] {
            switch self {
            case .media(_, _, let files), .images(_, _, let files): files
            }
        }
    }

    private struct File: Sendable {
        /// Within the version.
        var path: String
        var bytes: Int64
        var sha256: String
        /// Within the result.
        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    }

    private let title: String
    private let store: (any PackageStore)?
    private let pieces: [String: Piece]
    /// Coded bytes by the keys of first passes.
    private let measures: [String: Int]
    /// Keys of pieces that are not what was published any more.
    private let broken: Mutex<Set<String>>
    /// Whether a piece turned out to be damaged that was thought to be whole.
    private let foundBroken = Mutex(false)

    /// Of a title that has nothing published.
    static let none = PublishedPieces(title: "", store: nil, versions: [])

    /// - Parameters:
    ///   - versions: those to take pieces from; the first that has one counts.
    ///   - faults: paths that are known to be wrong, by version.
    init(title: String, store: (any PackageStore)?, versions: [AssetPackage], faults: [String: Set<String>] = [:]) {
        self.title = title
        self.store = store
        var (pieces, measures): ([String: Piece], [String: Int]) = ([:], [:])
        var wrong: Set<String> = []
        for package in versions {
            let faults = faults[package.version] ?? []
            for (key, piece) in Self.pieces(of: package) where pieces[key] == nil || wrong.contains(key) {
                pieces[key] = piece
                if piece.files.contains(where: { faults.contains($0.path) }) { wrong.insert(key) } else { wrong.remove(key) }
            }
            for piece in package.renditions.flatMap({ $0.pieces ?? [] }) {
                if let measure = piece.measure { measures[measure.key] = measure.codedBytes }
            }
        }
        self.pieces = pieces
        self.measures = measures
        broken = Mutex(wrong)
    }

    /// Whether the result can be had.
    func contains(_ key: TaskKey) -> Bool { lists(key) && broken.withLock { !$0.contains(key.description) } }

    /// Whether the result is part of what was published, damaged or not.
    func lists(_ key: TaskKey) -> Bool { pieces[key.description] != nil }

    func bytes(of key: TaskKey) -> Int64 { pieces[key.description]?.files.reduce(0) { $0 + $1.bytes } ?? 0 }

    /// What a first pass found; its statistics are gone.
    func codedBytes(_ key: TaskKey) -> Int? { measures[key.description] }

    var hasBroken: Bool { foundBroken.withLock { $0 } }

    /// Makes published pieces the results that they came from, every byte of them checked.
    /// - Throws: where one is not what was published, after all others have come: it has to be made.
    func restore(_ keys: [TaskKey], to artefacts: any ArtefactStore) throws {
        var damage: TransferError?
        for key in keys where contains(key) {
            do { try restore(key, to: artefacts) } catch let error as TransferError where error.code == .invalidPackage {
                damage = damage ?? error
            }
        }
        if let damage { throw damage }
    }

    private func restore(_ key: TaskKey, to artefacts: any ArtefactStore) throws {
        guard let piece = pieces[key.description], let store else { return }
        let folder = try artefacts.begin()
        defer { artefacts.discard(folder) }
        let files = piece.files.map { file in
            PublishedFile(path: file.path, bytes: file.bytes, sha256: file.sha256, destination: "\(folder)/\(file.name)")
        }
        do { try store.bring(files, title: title, version: piece.version) } catch {
            if error.code == .invalidPackage {
                broken.withLock { _ = $0.insert(key.description) }
                foundBroken.withLock { $0 = true }
            }
            throw error
        }
        switch piece {
        case .media(_, let record, _): try artefacts.commit(folder, as: key, record: record)
        case .images(_, let record, _): try artefacts.commit(folder, as: key, record: record)
        }
    }

    // MARK: What a version holds

    private static func pieces(of package: AssetPackage) -> [(String, Piece)] {
        let listed = Dictionary(package.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [(String, Piece)] = []
        for rendition in package.renditions {
            found += media(rendition.pieces, rendition.segments, rendition.timescale, rendition.path, package.version, listed)
        }
        for audio in package.audio {
            found += media(audio.pieces, audio.segments, audio.timescale, audio.path, package.version, listed)
        }
        if let piece = package.imagesPiece {
            let files = package.images.compactMap { listed[$0.path].map { File(path: $0.path, bytes: $0.bytes, sha256: $0.sha256) } }
            let record = ImageRecord(images: package.images, warnings: piece.warnings ?? [])
            if files.count == package.images.count { found.append((piece.key, .images(version: package.version, record, files))) }
        }
        return found
    }

    private static func media(
        _ pieces: [PackagePiece]?, _ segments: [SegmentFact], _ timescale: Int64, _ path: String, _ version: String,
        _ listed: [String: PackageFile]
    ) -> [(String, Piece)] {
        guard let pieces, let initSegment = listed["\(path)/init.mp4"] else { return [] }
        var rest = segments[...]
        return pieces.compactMap { piece in
            let own = Array(rest.prefix(piece.segments))
            rest = rest.dropFirst(piece.segments)
            guard own.count == piece.segments else { return nil }
            let record = MediaRecord(
                timescale: timescale, segments: own, warnings: piece.warnings ?? [], initBytes: initSegment.bytes,
                initSHA256: initSegment.sha256)
            let files = own.map { segment in
                File(path: "\(path)/\(SegmentFact.stem(segment.number)).m4s", bytes: segment.bytes, sha256: segment.sha256)
            }
            let first = File(path: initSegment.path, bytes: initSegment.bytes, sha256: initSegment.sha256)
            return (piece.key, .media(version: version, record, [first] + files))
        }
    }
}
