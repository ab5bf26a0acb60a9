import MediaModel

/// The files that a title is planned from.
struct TitleFiles: Hashable, Sendable, Codable {
    var source: InputFile
    /// Of the source, where the manifest chooses one.
    var program: Int? = nil
    /// Outside audio: probed like the source.
    var audio: [InputFile]
    var subtitles: [SubtitleFile]
    var artwork: InputFile?

    /// Files of which nothing but the content is known beforehand.
    var sidecars: [InputFile] { subtitles.map(\.file) + (artwork.map { [$0] } ?? []) }

    /// The source first.
    var all: [InputFile] { [source] + audio + sidecars }

    func without(_ gone: Set<InputFile>) -> TitleFiles {
        TitleFiles(
            source: source, program: program, audio: audio.filter { !gone.contains($0) },
            subtitles: subtitles.filter { !gone.contains($0.file) }, artwork: artwork.flatMap { gone.contains($0) ? nil : $0 })
    }
}

/// A subtitle file, and what its reading follows from beside its content.
struct SubtitleFile: Hashable, Sendable, Codable {
    var file: InputFile
    /// BCP 47; tells the encoding of a file that does not.
    var language: String
    var encoding: TextEncoding?
    var isNamedWebVTT: Bool
}
