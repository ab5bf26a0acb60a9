package import MediaModel

/// Reads a manifest strictly: all faults of it and of the presets that it names at once.
package enum ManifestReader {
    /// - Parameters:
    ///   - path: the manifest; diagnostics name it in these words.
    ///   - presets: where bare preset names are looked up after `presets/` beside the manifest.
    ///   - checkFiles: whether a source or sidecar that is not there is a fault; a run finds it out title by title.
    ///   - prove: asked about every preset that reads well, whatever is wrong with the manifest: what only an encoder can tell.
    package static func read(
        path: String, presets: PresetLibrary, checkFiles: Bool, prove: (PresetDocument) -> [Diagnostic] = { _ in [] }
    ) -> ReadResult<ManifestDocument> {
        let file = DocumentFile.read(path: path)
        guard let file = file.value else { return ReadResult(value: nil, diagnostics: file.diagnostics) }
        return read(file, presets: presets, checkFiles: checkFiles, prove: prove)
    }

    static func read(
        _ file: DocumentFile, presets: PresetLibrary, checkFiles: Bool, prove: (PresetDocument) -> [Diagnostic] = { _ in [] }
    ) -> ReadResult<ManifestDocument> {
        let (root, syntax) = DocumentTree.readAll(file)
        guard let root else { return ReadResult(value: nil, diagnostics: syntax) }
        var reader = SchemaReader(file: file.name, diagnostics: syntax)
        guard let record = reader.read(root, as: ManifestSchema.root) else {
            return ReadResult(value: nil, diagnostics: reader.faults.sorted)
        }
        var builder = ManifestBuilder(
            file: file.name, faults: reader.faults, library: presets, checkFiles: checkFiles)
        let document = builder.build(record)
        let refused = builder.presets.documents.flatMap(prove)
        return ReadResult(value: document, diagnostics: builder.faults.sorted + builder.presetFaults + refused)
    }
}

/// Makes the values out of the accepted parts of a manifest and checks what no single key can tell.
struct ManifestBuilder {
    /// Absolute.
    let path: String
    let folder: String
    let checkFiles: Bool
    var faults: Faults
    var presets: PresetShelf
    private var firstTitle: [String: Place] = [:]
    /// What each series was called when it was first named.
    var firstSeries: [String: (name: String, place: Place)] = [:]
    private var takesAllOver = false

    init(file: String, faults: Faults, library: PresetLibrary, checkFiles: Bool) {
        path = DocumentPath.absolute(file)
        folder = DocumentPath.folder(of: path)
        self.checkFiles = checkFiles
        self.faults = faults
        presets = PresetShelf(library: library, shownFolder: DocumentPath.folder(of: file))
    }

    var presetFaults: [Diagnostic] { presets.diagnostics }

    /// nil where something required is missing; that has been reported.
    mutating func build(_ record: TypedRecord) -> ManifestDocument? {
        let defaults = record.record("defaults")
        // A default preset that no title uses must be right too.
        let standard = defaults?["preset"].flatMap { preset($0) }
        takesAllOver = record.text("take_over") == "true"
        let titles = (record.list("titles") ?? []).compactMap { item in
            item.record.flatMap { title($0, defaults: defaults, standard: standard) }
        }
        let publish = publishTarget(record["publish"])
        guard let catalog = record.text("catalog"), let publish else { return nil }
        let manifest = Manifest(
            path: path, catalog: location(catalog), publish: publish,
            sources: sourceSettings(record.record("sources")),
            keep: KeepPolicy(versions: record.whole("keep") ?? 3, days: record.whole("keep_days") ?? 30),
            keepWorkDays: record.whole("keep_work") ?? 14, workSize: record.whole("work_size").map(Int64.init),
            refresh: RefreshScope.named(record.text("refresh")), maxRemakes: record.whole("max_remakes"),
            notify: notifySettings(record.record("notify")), purge: purgeSettings(record.record("purge")), titles: titles)
        return ManifestDocument(manifest: manifest, presets: presets.documents)
    }

    private mutating func title(_ record: TypedRecord, defaults: TypedRecord?, standard: PresetDocument?) -> TitleRequest? {
        let trim = trim(record.record("trim"))
        let crop = crop(record.record("crop"))
        let source = self.source(record["source"])
        let artwork = self.source(record["artwork"])
        let audio = record.list("audio")?.compactMap { $0.record.flatMap { audioRequest($0) } }
        let subtitles = record.list("subtitles")?.compactMap { $0.record.flatMap { subtitleRequest($0) } }
        let series = record.record("metadata")?.record("series").flatMap { self.series($0) }
        let preset = titlePreset(record, defaults: defaults, standard: standard)
        guard let id = uniqueID(record["id"]), let source, let preset else { return nil }
        let damage = record.text("damage") ?? defaults?.text("damage")
        var request = TitleRequest(
            id: id, source: source, preset: preset.preset, presetContent: preset.content, trim: trim, crop: crop,
            tail: record.word("tail"), acceptsDamage: damage == "accept",
            metadata: metadata(record.record("metadata"), id: id, series: series, defaults: defaults?.record("metadata")),
            artwork: artwork, audio: audio, subtitles: subtitles ?? [], mixdownGain: record.exact("mixdown_gain"),
            takesOver: (record.text("take_over") ?? (takesAllOver ? "true" : "")) == "true",
            place: "\(record.place.line):\(record.place.column)")
        request.telecine = record.word("telecine") ?? .keep
        request.program = record.whole("program")
        request.stillDuration = record.exact("duration")
        return request
    }

    private mutating func uniqueID(_ value: TypedValue?) -> String? {
        guard let value, let id = value.text else { return nil }
        if let first = firstTitle[id] {
            faults.add(value.place, value.key, "the id '\(id)' is used twice; the first is in line \(first.line)")
            return nil
        }
        firstTitle[id] = value.place
        return id
    }

    private mutating func titlePreset(_ record: TypedRecord, defaults: TypedRecord?, standard: PresetDocument?) -> PresetDocument? {
        if let value = record["preset"] { return preset(value) }
        if !record.given.contains("preset"), defaults?.given.contains("preset") != true {
            faults.add(record.place, record.path("preset"), "is missing: name a preset here, or one for all titles under 'defaults'")
        }
        return standard
    }

    private mutating func preset(_ value: TypedValue) -> PresetDocument? {
        guard let name = value.text else { return nil }
        switch presets.preset(named: name) {
        case .found(let document): return document
        case .wrong: return nil
        case .missing(let message, let suggestion):
            faults.add(value.place, value.key, message, suggestion: suggestion)
            return nil
        }
    }

    private func crop(_ record: TypedRecord?) -> Crop {
        func side(_ key: String) -> Int { record?.whole(key) ?? 0 }
        return Crop(top: side("top"), bottom: side("bottom"), left: side("left"), right: side("right"))
    }

    private mutating func trim(_ record: TypedRecord?) -> Trim {
        guard let record else { return Trim() }
        let trim = Trim(start: record.exact("start"), end: record.exact("end"))
        if let end = trim.end, (trim.start ?? .zero) >= end {
            let start = (trim.start ?? .zero).decimalText
            faults.add(
                record.place(of: "end"), record.path("end"),
                "the title would end at \(end.decimalText) s, not after its start at \(start) s")
        }
        return trim
    }

    /// An address as it is, or an absolute path.
    mutating func source(_ value: TypedValue?) -> String? {
        if let text = value?.text, RemoteAddress(text) != nil { return text }
        return file(value)
    }

    /// An absolute path; noted as a fault if the file has to be there and is not.
    mutating func file(_ value: TypedValue?) -> String? {
        guard let value, let text = value.text else { return nil }
        let path = DocumentPath.resolve(text, in: folder)
        if checkFiles, let fault = DocumentPath.fault(ofSource: path) {
            let nearest = DocumentPath.neighbour(of: path).map { String(text.dropLast($0.given.count)) + $0.nearest }
            faults.add(value.place, value.key, fault, suggestion: nearest)
        }
        return path
    }

    /// `file:./store` with the path made absolute.
    func location(_ text: String) -> String {
        guard let colon = text.firstIndex(of: ":") else { return text }
        return "\(text[..<colon]):" + DocumentPath.resolve(String(text[text.index(after: colon)...]), in: folder)
    }
}
