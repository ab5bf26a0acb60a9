import MediaModel

extension Shape {
    /// What is wanted, for the middle of a sentence: `must be …`.
    var description: String {
        switch self {
        case .text: "text"
        case .word(let words): words.joined(separator: " or ")
        case .version(let version): "\(version)"
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .even(let range): "an even number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: "true or false"
        case .decimal(let range): "a number from \(range.lowerBound.decimalText) to \(range.upperBound.decimalText)"
        case .time(let range) where range.lowerBound == .zero: "a time: decimal seconds or HH:MM:SS.mmm"
        case .time(let range): "a time from \(range.lowerBound.decimalText) to \(range.upperBound.decimalText) seconds"
        case .bits(let range): "bits such as 4500k or 7.8M, from \(Self.bits(range.lowerBound)) to \(Self.bits(range.upperBound))"
        case .bytes(let range): "bytes such as 500G or 1.5T, from \(Self.bytes(range.lowerBound)) to \(Self.bytes(range.upperBound))"
        case .frameRate: "frames per second such as 25, 29.97 or 30000/1001"
        case .file: "the path of a file"
        case .source, .subtitles: "the path of a file, or an https:// or s3:// address"
        case .location(let scheme, _): "\(scheme): and a path"
        case .store: "file: and a path, or s3://bucket/prefix"
        case .list: "a list"
        case .record: "a mapping of keys to values"
        case .either(let shape, _): "\(shape.description), or a mapping of keys to values"
        case .options: "a mapping of options to text"
        case .later: "left out"
        }
    }

    /// The mapping that a shape is or may be.
    var record: RecordShape? {
        switch self {
        case .record(let shape), .either(_, let shape): shape
        default: nil
        }
    }

    private static func bytes(_ bytes: Int) -> String {
        let units: [(name: String, size: Int)] = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)]
        let unit = units.first { bytes >= $0.size && bytes % $0.size == 0 }
        return unit.map { "\(bytes / $0.size)\($0.name)" } ?? "\(bytes)"
    }

    private static func bits(_ bits: Int) -> String {
        bits % 1_000_000 == 0 ? "\(bits / 1_000_000)M" : bits % 1000 == 0 ? "\(bits / 1000)k" : "\(bits)"
    }
}

extension DocumentNode.Content {
    /// What was found, for the end of a sentence: `not …`.
    var description: String {
        switch self {
        case .nothing: "nothing"
        case .scalar(let text): "'\(text.count > 40 ? text.prefix(40) + "…" : text)'"
        case .list: "a list"
        case .record: "a mapping"
        case .refused: "something that is not read"
        }
    }
}

extension Rational {
    /// Exact where the fraction is a decimal, as all are that a person can write; for sentences.
    var decimalText: String {
        denominator == 1 ? "\(numerator)" : "\(approximate)"
    }
}
