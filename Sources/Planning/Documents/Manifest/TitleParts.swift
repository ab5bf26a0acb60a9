import MediaModel

/// The parts of a title that are built key by key.
extension ManifestBuilder {
    mutating func audioRequest(_ record: TypedRecord) -> AudioRequest? {
        let origin: AudioRequest.Origin
        if let path = source(record["file"]) {
            origin = .file(path)
        } else if let track = record.whole("track") {
            origin = .track(track)
        } else {
            return nil
        }
        return AudioRequest(
            origin: origin, language: record.text("language"), label: record.text("label"), role: record.word("role"),
            mixdownGain: record.exact("mixdown_gain"))
    }

    mutating func subtitleRequest(_ record: TypedRecord) -> SubtitleRequest? {
        guard let file = source(record["file"]), let language = record.text("language") else { return nil }
        return SubtitleRequest(
            file: file, language: language, label: record.text("label"), role: record.word("role") ?? .subtitle,
            encoding: record.word("encoding"))
    }

    /// A title's own words before those that it shares with others.
    func metadata(_ own: TypedRecord?, id: String, series: SeriesMembership?, defaults: TypedRecord?) -> TitleMetadata {
        func value(_ key: String) -> TypedValue? { own?[key] ?? defaults?[key] }
        return TitleMetadata(
            name: own?.text("name") ?? id,
            kind: value("kind")?.text.flatMap(TitleKind.init(rawValue:)) ?? .movie,
            year: value("year")?.whole, synopsis: own?.text("synopsis"),
            genres: (value("genres")?.list ?? []).compactMap(\.text),
            people: (value("people")?.list ?? []).compactMap { $0.record.flatMap(Self.person) },
            maturity: value("maturity")?.whole, language: value("language")?.text,
            series: series)
    }

    private static func person(_ record: TypedRecord) -> Person? {
        guard let name = record.text("name"), let role = record.text("role") else { return nil }
        return Person(name: name, role: role)
    }

    /// A title's place in a series, which has one name for all its titles.
    mutating func series(_ record: TypedRecord) -> SeriesMembership? {
        guard let id = record.text("id"), let name = record.text("name"), let season = record.whole("season"),
            let episode = record.whole("episode")
        else { return nil }
        // The catalog has one name for a series: with two, each run would change it to and fro.
        if let first = firstSeries[id], first.name != name {
            faults.add(
                record.place(of: "name"), record.path("name"),
                "the series '\(id)' is called '\(first.name)' in line \(first.place.line); a series has one name")
            return nil
        }
        firstSeries[id] = firstSeries[id] ?? (name, record.place(of: "name"))
        return SeriesMembership(id: id, name: name, season: season, episode: episode)
    }
}
