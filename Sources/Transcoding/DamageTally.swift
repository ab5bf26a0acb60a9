import MediaModel

/// What was harmed of one track: how many pictures or packets, from when on, and the decoder's first words about it.
struct DamageTally {
    private let stream: Int
    private let unit: String
    /// Seconds on the source's clock that people call 0.
    private let zero: Rational
    private var moments: Set<Rational> = []
    private var untimed = 0
    private var first: Rational?
    private var words = ""

    /// - Parameter unit: what is counted, in the plural: `pictures`.
    init(stream: Int, unit: String, zero: Rational) {
        self.stream = stream
        self.unit = unit
        self.zero = zero
    }

    /// - Parameters:
    ///   - words: what the decoder said; empty where it only marked a frame.
    ///   - time: seconds on the source's clock; several notes of one moment are one picture.
    mutating func note(_ words: String, at time: Rational?) {
        if self.words.isEmpty { self.words = words }
        guard let time else {
            untimed += 1
            return
        }
        moments.insert(time)
        first = min(first ?? time, time)
    }

    var isEmpty: Bool { moments.isEmpty && untimed == 0 }

    /// One sentence, or none.
    var lines: [String] {
        guard !isEmpty else { return [] }
        let count = max(1, moments.isEmpty ? untimed : moments.count)
        let what = count == 1 ? "1 \(unit.dropLast())" : "\(count) \(unit)"
        let place = first.map { " \(count == 1 ? "at" : "from") \(seconds($0 - zero)) s\(count == 1 ? "" : " on")" } ?? ""
        return ["stream \(stream): \(what)\(place) cannot be decoded whole\(words.isEmpty ? "" : " (\(words))")"]
    }

    private func seconds(_ time: Rational) -> String { "\(Double((time * Rational(1000)).rounded) / 1000)" }
}
