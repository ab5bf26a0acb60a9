import Foundation

/// The folder that the samples are put into. A file stands there whole or not at all.
struct Shelf: Sendable {
    let folder: String

    /// Makes `name` (a relative path) by `body`, which writes to the temporary path it is handed; leaves a file alone that is there.
    /// - Returns: false where the file was there.
    func place(_ name: String, _ body: (String) throws -> Void) throws(SampleError) -> Bool {
        let target = "\(folder)/\(name)"
        let files = FileManager.default
        if files.fileExists(atPath: target) { return false }
        let parent = URL(fileURLWithPath: target).deletingLastPathComponent()
        // A name of this process's own, so that two runs at once cannot spoil each other's file.
        let partial = "\(target).partial-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try files.createDirectory(at: parent, withIntermediateDirectories: true)
            try body(partial)
            try exchange(partial, target)
            return true
        } catch {
            // What failed is worth telling; that its half-made file could not be removed is not.
            try? files.removeItem(atPath: partial)
            throw SampleError(code: .inputOutput, operation: "make '\(target)'", detail: "\(error)", underlying: error)
        }
    }

    /// Writes `bytes` to `name` unless it holds them already.
    /// - Returns: false where it did.
    func place(_ name: String, bytes: Data) throws(SampleError) -> Bool {
        let target = "\(folder)/\(name)"
        if FileManager.default.contents(atPath: target) == bytes { return false }
        do {
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: target).deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: URL(fileURLWithPath: target), options: .atomic)
            return true
        } catch {
            throw SampleError(code: .inputOutput, operation: "write '\(target)'", detail: "\(error)", underlying: error)
        }
    }

    private static let inventory = ".inventory"

    /// True where everything stands that was made here, with this program's manifest.
    var isComplete: Bool {
        guard let names = FileManager.default.contents(atPath: "\(folder)/\(Self.inventory)"),
            FileManager.default.contents(atPath: "\(folder)/manifest.yaml") == Data(PackageResources.manifest_yaml)
        else { return false }
        return String(decoding: names, as: UTF8.self).split(separator: "\n").allSatisfy {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)")
        }
    }

    /// Writes down what was made, for `isComplete`.
    func writeInventory(_ names: [String]) throws(SampleError) {
        _ = try place(Self.inventory, bytes: Data(names.joined(separator: "\n").utf8))
    }

    /// rename(2): another run may have put the same file there meanwhile, and either one will do.
    private func exchange(_ from: String, _ to: String) throws {
        guard unsafe rename(from, to) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }
}
