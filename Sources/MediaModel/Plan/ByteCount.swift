/// Sizes as people write and read them.
package enum ByteCount {
    /// `800M`, `4G`: powers of 1024; a bare number is bytes. nil for anything else.
    package static func parse(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        guard let last = text.last else { return nil }
        let unit = units[Character(last.uppercased())]
        guard let number = Int64(unit == nil ? text[...] : text.dropLast()), number > 0 else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit ?? 1)
        return isTooLarge ? nil : bytes
    }

    /// `1.2 GB`, `187.8 MB`, `12 kB`, `999 bytes`: powers of 1000.
    package static func text(_ bytes: Int64) -> String {
        let units: [(name: String, size: Int64)] = [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000)]
        if let unit = units.first(where: { bytes >= $0.size }) {
            let tenths = rounded(bytes, unit.size / 10)
            return "\(tenths / 10).\(tenths % 10) \(unit.name)"
        }
        return bytes >= 1000 ? "\(rounded(bytes, 1000)) kB" : "\(bytes) bytes"
    }

    private static func rounded(_ bytes: Int64, _ size: Int64) -> Int64 {
        bytes / size + (bytes % size >= size / 2 ? 1 : 0)
    }
}
