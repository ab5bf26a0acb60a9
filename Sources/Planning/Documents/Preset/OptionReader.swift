import MediaModel

/// The options that are handed to an encoder as they are, less those that a key of the preset or the engine sets.
enum OptionReader {
    struct Merged {
        var value: String
        /// Full path.
        var key: String
        var place: Place
    }

    /// A rung's options go before those of `video`, name by name.
    static func merge(
        _ video: TypedValue?, _ rung: TypedValue?, facts: EncoderFacts, faults: inout Faults, checked: inout Set<Place>
    ) -> [String: Merged] {
        var merged: [String: Merged] = [:]
        for source in [video, rung] {
            guard let source, let options = source.options else { continue }
            for option in options {
                let path = "\(source.key).\(option.key)"
                if checked.insert(option.place).inserted { check(option, path, facts, &faults) }
                merged[option.key] = Merged(value: option.value, key: path, place: option.place)
            }
        }
        return merged
    }

    private static func check(_ option: TypedValue.Option, _ path: String, _ facts: EncoderFacts, _ faults: inout Faults) {
        if let instead = facts.reserved[option.key] {
            faults.add(option.place, path, "is not set here: \(instead)")
        }
        let others = VideoCodec.allCases.map { EncoderFacts.of($0).parameters }.filter { $0 != facts.parameters }
        if others.contains(option.key) {
            faults.add(option.place, path, "is no option of \(facts.name)", suggestion: facts.parameters)
        }
        guard option.key == facts.parameters else { return }
        for parameter in option.value.split(separator: ":") {
            let name = String(parameter.split(separator: "=", omittingEmptySubsequences: false)[0])
            if let instead = facts.reservedParameters[name] {
                faults.add(option.place, path, "'\(name)' is not set here: \(instead)")
            }
        }
    }
}
