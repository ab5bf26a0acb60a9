import Engine
import MediaModel
import Synchronization

extension TaskKey {
    /// - Parameter value: the task as a value: content hashes and parameters, no paths, no clock, no worker count.
    init(_ kind: String, of value: some Encodable, libraries: [LibraryIdentity]) throws {
        try self.init(kind, of: value, tools: try Tools.made(with: libraries))
    }
}

extension TaskKey.Tools {
    /// A batch has many thousand keys, nearly all of them under the same few sets of libraries.
    private static let known = Mutex<[[LibraryIdentity]: TaskKey.Tools]>([:])

    fileprivate static func made(with libraries: [LibraryIdentity]) throws -> TaskKey.Tools {
        if let tools = known.withLock({ $0[libraries] }) { return tools }
        let tools = try TaskKey.Tools(format: EngineIdentity.format, libraries)
        known.withLock { $0[libraries] = tools }
        return tools
    }
}
