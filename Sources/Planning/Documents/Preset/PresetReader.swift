import MediaModel

/// Reads a preset strictly and resolves it: every rung with all its settings. What only an encoder can tell is left to its opening.
package enum PresetReader {
    /// - Parameter path: diagnostics name the file in these words.
    package static func read(path: String) -> ReadResult<PresetDocument> {
        let file = DocumentFile.read(path: path)
        guard let file = file.value else { return ReadResult(value: nil, diagnostics: file.diagnostics) }
        return read(file, name: DocumentPath.stem(of: path), isBuiltIn: false)
    }

    static func read(_ file: DocumentFile, name: String, isBuiltIn: Bool = false) -> ReadResult<PresetDocument> {
        let (root, syntax) = DocumentTree.readAll(file)
        guard let root else { return ReadResult(value: nil, diagnostics: syntax) }
        var reader = SchemaReader(file: file.name, diagnostics: syntax)
        guard let record = reader.read(root, as: PresetSchema.root) else {
            return ReadResult(value: nil, diagnostics: reader.faults.sorted)
        }
        var builder = PresetBuilder(faults: reader.faults)
        let content = PresetContent(
            isBuiltIn: isBuiltIn, sha256: root.contentSHA256(without: ["description", SharedFields.editorSchema.key]))
        let document = builder.build(record, name: name, content: content)
        return ReadResult(value: document, diagnostics: builder.faults.sorted)
    }
}

/// Makes a preset out of the accepted parts of its file.
struct PresetBuilder {
    var faults: Faults
    private var soundPlaces: [PresetDocument.OptionPlace] = []

    init(faults: Faults) {
        self.faults = faults
    }

    /// nil where something required is missing; that has been reported.
    mutating func build(_ record: TypedRecord, name: String, content: PresetContent) -> PresetDocument? {
        let chunk = durations(record)
        let rungs = record.record("video").map { video($0, chunk: record["chunk_seconds"], chunkDuration: chunk.chunk) } ?? []
        let audio = audio(record)
        let images = images(record)
        guard !rungs.isEmpty, !audio.isEmpty else { return nil }
        let preset = Preset(
            name: name, summary: record.text("description") ?? "", segmentDuration: chunk.segment, gopDuration: chunk.gop,
            chunkDuration: chunk.chunk, rungs: rungs.map(\.rung), audio: audio, images: images)
        return PresetDocument(
            file: faults.file, preset: preset, content: content, rungPlaces: rungs.map(\.place), soundPlaces: soundPlaces)
    }

    private mutating func durations(_ record: TypedRecord) -> (segment: Rational, gop: Rational, chunk: Rational) {
        let segment = record.exact("segment_seconds") ?? Rational(6)
        let gop = record.exact("gop_seconds") ?? Rational(2)
        let chunk = record.exact("chunk_seconds") ?? Rational(30)
        if (segment / gop).denominator != 1 {
            let key = record["segment_seconds"] == nil ? "gop_seconds" : "segment_seconds"
            faults.add(
                record.place(of: key), key,
                "a segment of \(segment.decimalText) s holds no whole number of GOPs of \(gop.decimalText) s")
        }
        if chunk < segment {
            let key = record["chunk_seconds"] == nil ? "segment_seconds" : "chunk_seconds"
            faults.add(
                record.place(of: key), key, "a chunk of \(chunk.decimalText) s is shorter than a segment of \(segment.decimalText) s")
        }
        return (segment, gop, chunk)
    }

    private mutating func video(_ record: TypedRecord, chunk: TypedValue?, chunkDuration: Rational) -> [ResolvedRung] {
        guard let codec: VideoCodec = record.word("codec") else { return [] }
        let facts = EncoderFacts.of(codec)
        if let encoder = record["encoder"], encoder.text != facts.name {
            faults.add(
                encoder.place, encoder.key, "'\(encoder.text ?? "")' does not encode \(codec.rawValue)", suggestion: facts.name)
        }
        var resolver = RungResolver(facts: facts, video: record, faults: faults)
        let rungs = (record.list("rungs") ?? []).compactMap { item in item.record.flatMap { resolver.resolve($0) } }
        resolver.checkChunk(chunk, duration: chunkDuration, rungs: rungs)
        faults = resolver.faults
        return rungs.sorted { a, b in
            let (sizeA, sizeB) = (a.rung.width * a.rung.height, b.rung.width * b.rung.height)
            return (sizeA, a.rung.rateControl.cap.maxRate) > (sizeB, b.rung.rateControl.cap.maxRate)
        }
    }

    private mutating func audio(_ record: TypedRecord) -> [AudioFormat] {
        guard let value = record["audio"], let list = value.list else { return [] }
        var formats: [AudioFormat] = []
        for item in list {
            guard let entry = item.record, let codec: AudioCodec = entry.word("codec") else { continue }
            if formats.contains(where: { $0.codec == codec }) {
                faults.add(entry.place(of: "codec"), entry.path("codec"), "\(codec.rawValue) is given twice")
            }
            let format = AudioFormat(
                codec: codec, bitRate: entry.whole("bit_rate") ?? 0, channels: entry.whole("channels") ?? 2,
                sampleRate: entry.whole("sample_rate") ?? 48000)
            check(format, entry)
            formats.append(format)
            soundPlaces.append(PresetDocument.OptionPlace(key: entry.key, place: entry.place))
        }
        if list.count == formats.count, !formats.contains(where: { $0.codec == .aac && $0.channels == 2 }) {
            faults.add(value.place, value.key, "stereo AAC is missing; every player needs it: add { codec: aac, bit_rate: 128k }")
        }
        return formats
    }

    private mutating func check(_ format: AudioFormat, _ entry: TypedRecord) {
        let rates = format.codec == .opus ? [48000] : [44100, 48000]
        if !rates.contains(format.sampleRate) {
            let list = rates.map(String.init).joined(separator: " or ")
            faults.add(
                entry.place(of: "sample_rate"), entry.path("sample_rate"),
                "\(format.codec.rawValue) is encoded at \(list), not at \(format.sampleRate)")
        }
        if format.codec == .aac, format.bitRate != 0, format.bitRate < 32_000 {
            faults.add(entry.place(of: "bit_rate"), entry.path("bit_rate"), "AAC (low complexity) needs at least 32k")
        }
    }

    private mutating func images(_ record: TypedRecord) -> ImageSettings? {
        if record["images"]?.text == "none" { return nil }
        var images = ImageSettings()
        guard let entry = record.record("images") else { return images }
        images.posterWidth = entry.whole("poster_width") ?? images.posterWidth
        if let widths = entry["card_widths"], let list = widths.list {
            images.cardWidths = list.compactMap(\.whole)
            if Set(images.cardWidths).count != images.cardWidths.count {
                faults.add(widths.place, widths.key, "a width is given twice")
            }
        }
        images.spriteWidth = entry.whole("sprite_width") ?? images.spriteWidth
        images.spriteColumns = entry.whole("sprite_columns") ?? images.spriteColumns
        images.spriteRows = entry.whole("sprite_rows") ?? images.spriteRows
        images.spriteInterval = entry.exact("sprite_interval") ?? images.spriteInterval
        images.quality = entry.whole("quality") ?? images.quality
        return images
    }
}
