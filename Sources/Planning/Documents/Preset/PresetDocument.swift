package import MediaModel

/// A preset as read, with the places of its rungs and options, for faults that only an encoder can find.
package struct PresetDocument: Sendable {
    /// Where a rung stands in its file.
    package struct RungPlace: Hashable, Sendable {
        /// Such as `video.rungs[2]`, counted as in the file.
        package var key: String
        package var place: Place
        /// Every option that the rung hands to its encoder, its own or the preset's, by name.
        package var options: [String: OptionPlace]
        /// Every other key that shapes the encode, such as `level` or `speed`, by name.
        package var settings: [String: OptionPlace]
    }

    /// Where one key stands.
    package struct OptionPlace: Hashable, Sendable {
        /// Full path, such as `video.options.x264-params`.
        package var key: String
        package var place: Place
    }

    /// As the user named it, or `built-in preset NAME`.
    package var file: String
    package var preset: Preset
    package var content: PresetContent
    /// In the order of `preset.rungs`: largest first.
    package var rungPlaces: [RungPlace]
    /// In the order of `preset.audio`.
    package var soundPlaces: [OptionPlace]

    /// An encoder's refusal of a sound.
    ///
    /// - Parameter index: of `preset.audio`.
    package func diagnostic(sound index: Int, message: String) -> Diagnostic {
        let sound = soundPlaces[index]
        return Diagnostic(file: file, line: sound.place.line, column: sound.place.column, key: sound.key, message: message)
    }

    /// An encoder's refusal, at the line of the option or key that its message names, else at the rung's.
    ///
    /// - Parameter index: of `preset.rungs`.
    package func diagnostic(rung index: Int, message: String) -> Diagnostic {
        let rung = rungPlaces[index]
        let named = rung.named(in: message, options: preset.rungs[index].options)
        let place = named?.place ?? rung.place
        return Diagnostic(
            file: file, line: place.line, column: place.column, key: named?.key ?? rung.key,
            message: named == nil ? message : "\(message) (rung '\(preset.rungs[index].name)')")
    }
}

extension PresetDocument.RungPlace {
    /// Options first: their names are the encoder's own words. The longest name that stands alone in the message wins. An encoder that
    /// complains of one of its own parameters says that one's name, and not the option's that holds it.
    fileprivate func named(in message: String, options values: [String: String]) -> PresetDocument.OptionPlace? {
        let words = Set(message.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }.map { $0.lowercased() })
        func longest(_ names: some Sequence<String>) -> String? {
            names.filter { words.contains($0.lowercased()) }.max { ($0.count, $1) < ($1.count, $0) }
        }
        if let name = longest(options.keys) { return options[name] }
        var holders: [String: String] = [:]
        for (option, value) in values where value.contains("=") {
            for parameter in value.split(separator: ":") { holders[String(parameter.prefix { $0 != "=" })] = option }
        }
        if let parameter = longest(holders.keys), let option = holders[parameter] { return options[option] }
        return longest(settings.keys).flatMap { settings[$0] }
    }
}
