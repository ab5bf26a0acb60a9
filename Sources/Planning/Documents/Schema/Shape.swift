import MediaModel

/// What a value may be. The strict reader and the JSON Schema are both made from this, so that they cannot disagree.
indirect enum Shape: Sendable {
    /// Free text or text under a rule.
    case text(TextRule)
    /// One of a few words.
    case word([String])
    /// The format's number: exactly this.
    case version(Int)
    case whole(ClosedRange<Int>)
    /// A whole number of pixels that 4:2:0 can halve.
    case even(ClosedRange<Int>)
    /// Yes or no, as `true` or `false`.
    case flag
    /// An exact decimal number.
    case decimal(ClosedRange<Rational>)
    /// Exact seconds: `2.5` or `00:00:02.500`.
    case time(ClosedRange<Rational>)
    /// Bits or bits per second: `4500k`, `7.8M`, `4500000`.
    case bits(ClosedRange<Int>)
    /// Bytes of a disk, with their unit: `500G`, `1.5T`; powers of 1024.
    case bytes(ClosedRange<Int>)
    /// Frames per second: `25`, `29.97`, `30000/1001`.
    case frameRate
    /// A file on this machine, by path.
    case file
    /// A file, by path or by its `https://` or `s3://` address.
    case source
    /// A subtitle file, likewise, in a format that is read.
    case subtitles
    /// A URL of one known scheme and a path; the listed schemes are for later.
    case location(scheme: String, later: [String])
    /// `file:` and a path, or `s3://bucket/prefix`.
    case store
    case list(Shape, atLeast: Int)
    case record(RecordShape)
    /// One value, or a mapping with more to say.
    case either(Shape, RecordShape)
    /// Any keys, with text for values: handed on as they are.
    case options
    /// Known, but its stage is not built: an error that says so. Not part of the JSON Schema.
    case later(String)
}

/// A mapping with known keys.
struct RecordShape: Sendable {
    /// One sentence for the schema; empty where the field's own sentence is enough.
    var doc: String
    var fields: [Field]
    var rules: [RecordRule]

    init(_ doc: String = "", fields: [Field], rules: [RecordRule] = []) {
        self.doc = doc
        self.fields = fields
        self.rules = rules
    }

    func field(_ key: String) -> Field? { fields.first { $0.key == key } }

    /// The keys that a person may use today.
    var keys: [String] {
        fields.compactMap { field in
            if case .later = field.shape { nil } else { field.key }
        }
    }
}

/// One key of a mapping.
struct Field: Sendable {
    var key: String
    var shape: Shape
    /// One sentence that an editor shows.
    var doc: String
    var isRequired: Bool
    /// As it would be written; nil where there is none or it is no single value.
    var standard: String?
    var examples: [String]

    init(
        _ key: String, _ shape: Shape, _ doc: String, required: Bool = false, standard: String? = nil,
        examples: [String] = []
    ) {
        self.key = key
        self.shape = shape
        self.doc = doc
        self.isRequired = required
        self.standard = standard
        self.examples = examples
    }
}

/// What holds between the keys of one mapping.
enum RecordRule: Sendable {
    /// Neither without the other; the text says why.
    case together(String, String, why: String)
    /// One of the two, not both.
    case exactlyOne(String, String)
    /// The first only where the second has this value; the text says why.
    case only(String, with: String, being: String, why: String)
    /// Not both.
    case notBoth(String, String, why: String)
}
