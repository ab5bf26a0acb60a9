import Engine
import MediaModel

/// A task as a value: what goes over the pipe to a worker. With the work folder it is all that is needed to carry the task out; the result
/// lies under its key afterwards. A worker on another machine that shares the folder could do it as well.
///
/// `plan` names a file that `WorkFolder.writePlan` left; rungs, chunks and tracks are indices into it.
enum TaskOrder: TitleTask, Codable {
    static let kind = "order"

    /// Read what a title's files are into the facts of the work folder.
    case study(TitleFiles)
    /// One decode of a chunk for these rungs: single-pass ones are encoded, two-pass ones measured.
    case encode(plan: String, chunk: Int, rungs: [Int])
    /// The second of two passes, at the chunk's share of the title's bits.
    case encodeMeasured(plan: String, chunk: Int, rungs: [Int])
    case sound(plan: String, number: Int)
    case text(plan: String, number: Int)
    case images(plan: String)
    /// Fold all results into the folder that a version is published from.
    case package(plan: String)

    var work: TaskKind {
        switch self {
        case .study: .study
        case .encode, .encodeMeasured: .encode
        case .sound: .sound
        case .text: .text
        case .images: .images
        case .package: .package
        }
    }

    /// The kind of its work in one word.
    var kind: String { work.rawValue }

    var site: TaskSite { .worker }
    var isMainWork: Bool { work == .encode }
    /// What only reads says so all the time.
    var hangTimeout: Double? { work == .study ? 120 : nil }

    var stage: TitleStage {
        switch self {
        case .study: .reading
        case .encode, .encodeMeasured: .encoding
        case .sound: .sound
        case .text: .subtitles
        case .images: .images
        case .package: .packaging
        }
    }

    var readsResults: Bool {
        switch self {
        case .package, .encodeMeasured: true
        case .study, .encode, .sound, .text, .images: false
        }
    }

    /// Passes over the same chunk differ in their rungs.
    var name: String {
        switch self {
        case .encode(_, _, let rungs): "\(label), rungs \(rungs.map { "\($0 + 1)" }.joined(separator: " "))"
        case .encodeMeasured(_, _, let rungs): "\(label), rungs \(rungs.map { "\($0 + 1)" }.joined(separator: " ")), second pass"
        default: label
        }
    }

    /// What it does, for a person: `encode chunk 3`.
    var label: String {
        switch self {
        case .study(let files): "read '\(files.source.label)'"
        case .encode(_, let chunk, _), .encodeMeasured(_, let chunk, _): "encode chunk \(chunk + 1)"
        case .sound(_, let number): "encode sound \(number + 1)"
        case .text(_, let number): "convert subtitle \(number + 1)"
        case .images: "make the images"
        case .package: "put the package together"
        }
    }
}

/// What kind of work a task is: one word, for the journal and what is learnt about its cost.
enum TaskKind: String, Sendable {
    case study, encode, sound, text, images, package
    /// Done by the run itself; all others are orders.
    case restore, publish
}

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
