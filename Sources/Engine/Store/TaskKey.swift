import Crypto
import Foundation

/// What a result is known by: the hash of everything that its bytes follow from.
package struct TaskKey: Hashable, Sendable, CustomStringConvertible {
    /// 64 hex digits.
    package let description: String

    /// What results are made with, encoded once for many keys.
    package struct Tools: Sendable {
        fileprivate let format: Int
        fileprivate let json: Data

        /// - Parameters:
        ///   - format: raised when the same value leads to other bytes.
        ///   - identities: of the libraries.
        package init(format: Int, _ identities: some Encodable) throws {
            self.format = format
            json = try TaskKey.encoded(identities)
        }
    }

    /// - Parameters:
    ///   - kind: one word for what is made.
    ///   - value: all that the result follows from: content hashes and parameters, no paths, no clock, no worker count.
    package init(_ kind: String, of value: some Encodable, tools: Tools) throws {
        var hash = SHA256()
        hash.update(data: Data("\(kind)\n\(tools.format)\n".utf8))
        hash.update(data: try Self.encoded(value))
        hash.update(data: tools.json)
        description = ContentHash.hex(hash.finalize())
    }

    private static func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(value)
    }

    /// The key that a store gave as a result's name.
    package init(name: String) { description = name }
}
