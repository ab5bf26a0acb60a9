/// Sizes as people write and read them.
enum ByteCount {
    /// `800M`, `4G`: powers of 1024; a bare number is bytes. nil for anything else.
    static func parse(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        guard let last = text.last else { return nil }
        let unit = units[Character(last.uppercased())]
        guard let number = Int64(unit == nil ? text[...] : text.dropLast()), number > 0 else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit ?? 1)
        return isTooLarge ? nil : bytes
    }

    /// `12.3 MB`, in powers of 1000.
    static func text(_ bytes: Int64) -> String {
        let steps: [(Double, String)] = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
        guard let step = steps.first(where: { Double(bytes) >= $0.0 }) else { return "\(bytes) bytes" }
        let value = Double(bytes) / step.0
        return (value < 10 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))") + " \(step.1)"
    }
}
