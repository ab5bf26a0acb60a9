import Crypto
import Foundation
import MediaModel

/// The few things that this room does on a disk, with errors that name the file.
enum Files {
    static func read(_ path: String) throws(PackagingError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw fault(path, "cannot be read", error)
        }
    }

    /// Replaces what stands there, by a temporary name and a rename: a file is never seen half written.
    static func write(_ bytes: [UInt8], to path: String) throws(PackagingError) {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw fault(path, "cannot be written", error)
        }
    }

    /// Makes a folder with all those above it; one that is there already is no error.
    static func makeFolder(_ path: String) throws(PackagingError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw fault(path, "cannot be made", error)
        }
    }

    /// A second name for the same bytes; a copy where the file systems differ or know no hard links.
    static func link(_ source: String, to destination: String) throws(PackagingError) {
        do {
            try FileManager.default.linkItem(atPath: source, toPath: destination)
        } catch let linkError {
            do {
                try FileManager.default.copyItem(atPath: source, toPath: destination)
            } catch {
                throw fault(destination, "can be neither linked (\(linkError)) nor copied from \(source)", error)
            }
        }
    }

    static func names(in folder: String) throws(PackagingError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw fault(folder, "cannot be listed", error)
        }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func remove(_ path: String) throws(PackagingError) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw fault(path, "cannot be removed", error)
        }
    }

    /// Lower-case hex.
    static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Reads the file, a piece at a time.
    static func pieces(of path: String) throws(PackagingError) -> FilePieces {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            var pieces = FilePieces(bytes: FilePieces.usualBytes, sha256: [])
            while let piece = try file.read(upToCount: Int(pieces.bytes)), !piece.isEmpty { pieces.sha256.append(sha256([UInt8](piece))) }
            return pieces
        } catch {
            throw fault(path, "cannot be read", error)
        }
    }

    private static func fault(_ path: String, _ what: String, _ error: any Error) -> PackagingError {
        let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
        return PackagingError(isFull ? .diskFull : .fileSystem, path, what, underlying: error)
    }
}
