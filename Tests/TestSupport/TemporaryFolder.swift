import Foundation

/// A folder of its own for one test, removed with all it holds when the last reference to it goes.
package final class TemporaryFolder: Sendable {
    /// Absolute, without a slash at its end.
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("reelmill-test-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        // The compiler's and ffmpeg's messages show resolved paths; tests compare with them.
        path = url.resolvingSymlinksInPath().path
    }

    deinit {
        // A folder that cannot be removed costs the machine some space and the test nothing.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The absolute path of `name`, which need not be there.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes `bytes` to `name` and makes the folders on its way; returns the absolute path.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let target = file(name)
        let parent = URL(fileURLWithPath: target).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: target))
        return target
    }

    /// Writes `text` in UTF-8 to `name`; returns the absolute path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

    /// All bytes of `name`.
    package func bytes(of name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// Relative paths of all files below, hidden ones too, sorted.
    package func listing() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(atPath: file(name), isDirectory: &isFolder)
            return !isFolder.boolValue
        }.sorted()
    }
}
