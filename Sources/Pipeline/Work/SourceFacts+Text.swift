import Engine
import Foundation
import MediaModel
import Packaging

/// Subtitle files are read before anything is made of a title, so that a faulty one is told before the encode, and a guess in the plan.
extension SourceFacts {
    /// What was tolerated in a subtitle file, read once. One that is wrong is read each time, and told with file and line.
    /// - Throws: where the file is no subtitle file.
    func textWarnings(_ file: SubtitleFile) throws -> [String] {
        let kept = try textFile(file)
        if let known = FileManager.default.contents(atPath: kept), let warnings = try? JSONDecoder().decode([String].self, from: known) {
            return warnings
        }
        let warnings = try TextConversion.check(
            file: file.file.path, label: file.file.label, language: file.language, encoding: file.encoding,
            isNamedWebVTT: file.isNamedWebVTT)
        try JSONEncoder().encode(warnings).write(to: URL(fileURLWithPath: kept), options: .atomic)
        return warnings
    }

    /// True where a subtitle file was read before and is right.
    func knowsText(_ file: SubtitleFile) throws -> Bool { SystemCall.exists(try textFile(file)) }

    private func textFile(_ file: SubtitleFile) throws -> String {
        let inputs = [try fingerprint(file.file.path).sha256, "\(file.isNamedWebVTT)", file.language, file.encoding?.rawValue ?? ""]
        return "\(folder)/\(try TaskKey("text-facts", of: inputs, libraries: [])).json"
    }
}
