package import Foundation

/// Lines of text under their own SHA-256, so that a flipped bit on the disk is never taken for a fact.
package enum Sealed {
    /// - Parameter lines: without line feeds in them, as compact JSON is.
    package static func data(_ lines: [Data]) -> Data {
        var data = Data(lines.joined(separator: [newline]))
        data.append(newline)
        let seal = ContentHash.hex(data)
        data.append(Data(seal.utf8))
        return data
    }

    /// - Returns: nil: this is not what was sealed.
    package static func lines(_ data: Data) -> [Data]? {
        guard data.count > sealBytes, data[data.endIndex - sealBytes - 1] == newline else { return nil }
        let (text, seal) = (data.dropLast(sealBytes), data.suffix(sealBytes))
        guard ContentHash.hex(text) == String(decoding: seal, as: UTF8.self) else { return nil }
        return text.dropLast().split(separator: newline, omittingEmptySubsequences: false).map { Data($0) }
    }

    /// One line; what an earlier program wrote had no seal, and is taken as it is.
    package static func line(_ data: Data) -> Data? {
        guard data.contains(newline) else { return data }
        guard let lines = lines(data), lines.count == 1 else { return nil }
        return lines[0]
    }

    private static let newline = UInt8(ascii: "\n")
    private static let sealBytes = 64
}
