import MediaModel
import Packaging
import Planning

/// Reads a subtitle file before anything is made of its title, so that a faulty one is told before the encode, and a guess in the plan.
struct ProbeTextTask: TitleTask {
    static let kind = "probe-text"
    static let stage = TitleStage.reading
    static let start = TaskStart.beforePlan
    static let isGrouped = true
    static let libraries: [LibraryIdentity] = []

    struct Inputs: Codable, Hashable, Sendable {
        var file: ContentHash
        var isNamedWebVTT: Bool
        /// Names the encoding of a file that does not.
        var language: String
        var encoding: TextEncoding?
    }

    /// What was tolerated in it.
    struct Record: Codable, Sendable {
        var warnings: [String]
    }

    var inputs: Inputs

    var label: String { "read a subtitle file" }

    static func all(of title: TitleGraph) -> [ProbeTextTask] {
        title.plan.text.map { text in
            ProbeTextTask(
                inputs: Inputs(
                    file: text.file, isNamedWebVTT: text.isNamedWebVTT, language: text.language, encoding: text.encoding))
        }
    }

    func seconds(_ costs: TaskCosts) -> Double { 0 }

    func make(into folder: String, _ title: OpenTitle) throws -> Record { try title.reading([inputs.file]) { try read($0[0]) } }

    /// - Throws: where the file is no subtitle file.
    func read(_ file: InputFile) throws -> Record {
        Record(
            warnings: try TextConversion.check(
                file: file.path, label: file.label, language: inputs.language, encoding: inputs.encoding,
                isNamedWebVTT: inputs.isNamedWebVTT))
    }
}
