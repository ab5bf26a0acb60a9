/// Which part of a file is asked for (RFC 9110, 14.1.2).
enum ByteRange: Hashable, Sendable {
    /// No range, one that cannot be read, or several: the answer is the whole file, as the standard allows.
    case whole
    case part(ClosedRange<Int>)
    /// A range that begins behind the end: 416.
    case unsatisfiable

    /// Reads the header's value for a file of `size` bytes.
    init(header: String?, size: Int) {
        guard let header, let equals = header.firstIndex(of: "="), header[..<equals].lowercased() == "bytes" else {
            self = .whole
            return
        }
        let specification = header[header.index(after: equals)...].trimming(" \t")
        let ends = specification.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }) else {
            self = .whole
            return
        }
        switch (Self.position(ends[0]), Self.position(ends[1])) {
        case (nil, nil): self = .whole
        case (nil, let count?): self = count == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - count)...size - 1)
        case (let first?, nil): self = first < size ? .part(first...size - 1) : .unsatisfiable
        case (let first?, let last?):
            if first > last {
                self = .whole
            } else {
                self = first < size ? .part(first...min(last, size - 1)) : .unsatisfiable
            }
        }
    }

    /// nil for no digits; a number too large to count is as good as the largest.
    private static func position(_ digits: Substring) -> Int? { digits.isEmpty ? nil : Int(digits) ?? Int.max }
}
