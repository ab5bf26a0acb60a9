import Engine
import MediaModel

extension TaskKey {
    /// - Parameter value: the task as a value: content hashes and parameters, no paths, no clock, no worker count.
    init(_ kind: String, of value: some Encodable, libraries: [LibraryIdentity]) throws {
        // A batch has many thousand keys, nearly all of them under the same libraries.
        let known = libraries.isEmpty ? Tools.noLibraries : libraries == EngineIdentity.libraries ? Tools.allLibraries : nil
        try self.init(kind, of: value, tools: try known?.get() ?? Tools(format: EngineIdentity.format, libraries))
    }
}

extension TaskKey.Tools {
    fileprivate typealias Encoded = Result<TaskKey.Tools, any Error>

    fileprivate static let allLibraries = Encoded { try TaskKey.Tools(format: EngineIdentity.format, EngineIdentity.libraries) }
    fileprivate static let noLibraries = Encoded { try TaskKey.Tools(format: EngineIdentity.format, [LibraryIdentity]()) }
}
