import Crypto
import Foundation
import MediaModel

/// What a result is known by: the hash of everything that its bytes follow from.
struct TaskKey: Hashable, Sendable, CustomStringConvertible {
    /// 64 hex digits.
    let description: String

    /// - Parameter value: the task as a value: content hashes and parameters, no paths, no clock, no worker count.
    init(_ kind: String, of value: some Encodable, libraries: [LibraryIdentity]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var hash = SHA256()
        hash.update(data: Data("\(kind)\n\(EngineIdentity.format)\n".utf8))
        hash.update(data: try encoder.encode(value))
        hash.update(data: try encoder.encode(libraries))
        description = hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
