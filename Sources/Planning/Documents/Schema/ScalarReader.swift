import MediaModel

/// Types the text of one scalar by its shape.
enum ScalarReader {
    enum Result {
        case value(TypedValue.Content)
        case fault(String, suggestion: String?)
    }

    /// - Precondition: the shape is one of a single value; others are refused with their description.
    static func read(_ text: String, as shape: Shape) -> Result {
        switch shape {
        case .text(let rule): return self.text(text, rule)
        case .word(let words): return word(text, words)
        case .version(let version):
            return ExactNumber.integral(text) == version
                ? .value(.whole(version))
                : .fault("'\(text)' is not a version that this reelmill reads; it reads version \(version)", suggestion: nil)
        case .whole(let range): return whole(text, range, shape)
        case .even(let range): return even(text, range, shape)
        case .flag: return word(text, ["true", "false"])
        case .decimal(let range): return exact(text, ExactNumber.decimal(text), range, shape)
        case .time(let range): return time(text, range, shape)
        case .bits(let range): return bits(text, range, shape)
        case .bytes(let range): return bytes(text, range, shape)
        case .frameRate:
            guard let rate = ExactNumber.frameRate(text) else { return wrong(text, shape) }
            return .value(.exact(rate))
        case .file: return file(text)
        case .source: return source(text)
        case .subtitles: return Shape.subtitleFault(text).map { .fault($0, suggestion: nil) } ?? source(text)
        case .location(let scheme, let later): return location(text, scheme: scheme, later: later)
        case .store: return store(text)
        case .list, .record, .either, .options, .later: return wrong(text, shape)
        }
    }

    private static func wrong(_ text: String, _ shape: Shape, suggestion: String? = nil) -> Result {
        .fault("must be \(shape.description), not '\(text)'", suggestion: suggestion)
    }

    private static func text(_ text: String, _ rule: TextRule) -> Result {
        guard let fault = rule.fault(in: text) else { return .value(.text(text)) }
        return .fault(fault, suggestion: rule.suggestion(for: text))
    }

    private static func word(_ text: String, _ words: [String]) -> Result {
        if words.contains(text) { return .value(.text(text)) }
        return .fault(
            "must be \(words.joined(separator: " or ")), not '\(text)'", suggestion: NearestWord.to(text, in: words))
    }

    private static func whole(_ text: String, _ range: ClosedRange<Int>, _ shape: Shape) -> Result {
        guard let number = ExactNumber.integral(text), range.contains(number) else { return wrong(text, shape) }
        return .value(.whole(number))
    }

    private static func even(_ text: String, _ range: ClosedRange<Int>, _ shape: Shape) -> Result {
        guard case .value(.whole(let number)) = whole(text, range, shape) else { return wrong(text, shape) }
        guard number % 2 != 0 else { return .value(.whole(number)) }
        return .fault("must be even: 4:2:0 has one colour sample for two pixels", suggestion: "\(number + 1)")
    }

    private static func exact(_ text: String, _ number: Rational?, _ range: ClosedRange<Rational>, _ shape: Shape) -> Result {
        guard let number, range.contains(number) else { return wrong(text, shape) }
        return .value(.exact(number))
    }

    private static func time(_ text: String, _ range: ClosedRange<Rational>, _ shape: Shape) -> Result {
        guard let time = ExactNumber.time(text) else {
            // `1:30` is most likely minutes and seconds, but a person decides.
            let hours = text.count == 4 ? "00:0\(text)" : "00:\(text)"
            return wrong(text, shape, suggestion: ExactNumber.time(hours) == nil ? nil : hours)
        }
        return exact(text, time, range, shape)
    }

    private static func bits(_ text: String, _ range: ClosedRange<Int>, _ shape: Shape) -> Result {
        guard let bits = ExactNumber.bits(text) else {
            return wrong(text, shape, suggestion: ExactNumber.correctedBits(text))
        }
        guard range.contains(bits) else {
            // `4500` where 4500k was meant is the usual slip.
            let thousand = bits < range.lowerBound && range.contains(bits * 1000) ? "\(bits)k" : nil
            return wrong(text, shape, suggestion: thousand)
        }
        return .value(.whole(bits))
    }

    private static func bytes(_ text: String, _ range: ClosedRange<Int>, _ shape: Shape) -> Result {
        guard let bytes = ExactNumber.bytes(text) else {
            // `500` where 500G was meant is the usual slip.
            let meant = ExactNumber.bytes("\(text)G").flatMap { range.contains($0) ? "\(text)G" : nil }
            return wrong(text, shape, suggestion: ExactNumber.correctedBytes(text) ?? meant)
        }
        // Exact at both ends, as the schema is: a part of a byte too much is too much.
        guard range.contains(bytes), ExactNumber.bytes(text, roundedUp: true).map(range.contains) == true else { return wrong(text, shape) }
        return .value(.whole(bytes))
    }

    private static func file(_ text: String) -> Result {
        if let fault = TextRule.free.fault(in: text) { return .fault(fault, suggestion: nil) }
        guard let scheme = scheme(of: text) else { return .value(.text(text)) }
        if scheme == "file" || text.contains("://") {
            return .fault("must be the path of a file, not the URL '\(ShownAddress.of(text))'", suggestion: nil)
        }
        // A colon alone is a legal part of a file's name.
        return .value(.text(text))
    }

    private static func source(_ text: String) -> Result {
        guard RemoteAddress.isRemote(text) else { return file(text) }
        return RemoteAddress.fault(in: text).map { .fault($0, suggestion: nil) } ?? .value(.text(text))
    }

    private static func store(_ text: String) -> Result {
        guard scheme(of: text) == "s3" else { return location(text, scheme: "file", later: ["http", "https"]) }
        guard let settings = S3Settings(url: text) else {
            if ShownAddress.holdsName(text) {
                return .fault("'\(ShownAddress.of(text))' must not hold a name and password; write s3://bucket/prefix", suggestion: nil)
            }
            let isAccessPoint = text.hasPrefix("s3://arn:")
            let what = isAccessPoint ? "an access point by its ARN; write its alias" : "no bucket; write s3://bucket/prefix"
            return .fault("'\(ShownAddress.of(text))' names \(what)", suggestion: nil)
        }
        guard !S3Settings.isExpress(settings.bucket) else {
            return .fault(
                "'\(settings.bucket)' is a bucket of S3 Express, which cannot be published to; name a general purpose bucket",
                suggestion: nil)
        }
        return .value(.text(text))
    }

    private static func location(_ text: String, scheme known: String, later: [String]) -> Result {
        guard let scheme = scheme(of: text) else {
            // An address without its scheme; it is not repeated either.
            if text.contains("@") { return .fault("must begin with \(known):", suggestion: nil) }
            return .fault("must begin with \(known):, not '\(text)'", suggestion: text.isEmpty ? nil : "\(known):\(text)")
        }
        if later.contains(scheme) {
            let known = known == "file" ? "file: or s3://" : "\(known):"
            return .fault("\(scheme):// is not supported yet; use \(known)", suggestion: nil)
        }
        guard scheme == known else {
            return .fault("must begin with \(known):, not \(scheme):", suggestion: nil)
        }
        let rest = text.dropFirst(scheme.count + 1)
        if rest.isEmpty { return .fault("names no path behind \(known):", suggestion: nil) }
        if rest.hasPrefix("//"), !rest.hasPrefix("///") {
            let holdsName = ShownAddress.holdsName(text)
            return .fault(
                "'\(ShownAddress.of(text))' names a host; write \(known):PATH",
                suggestion: holdsName ? nil : "\(known):\(rest.dropFirst(2))")
        }
        return .value(.text(text))
    }

    /// `s3` of `s3://bucket`; nil for a path. One letter is a drive, not a scheme.
    private static func scheme(of text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon]
        guard scheme.count > 1, scheme.first?.isLetter == true, scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return nil }
        return scheme.lowercased()
    }
}
