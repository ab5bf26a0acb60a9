import ArgumentParser
import Foundation
import MediaModel
import Pipeline

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks manifests and presets strictly; opens every encoder that a preset names.")

    @Argument(help: "Manifests, presets, or folders of them.") var paths: [String]
    @Flag(name: .customLong("no-files"), help: "Do not check that sources exist.") var noFiles = false
    @Flag(help: "Print JSON.") var json = false

    private struct Document: Encodable {
        var formatVersion = 1
        var files: [String]
        var errors: [Diagnostic]
    }

    func run() throws {
        Terminal.exiting {
            let result = Validation.run(paths: paths, checkFiles: !noFiles)
            if json {
                let encoder = JSONEncoder()
                encoder.keyEncodingStrategy = .convertToSnakeCase
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                let document = try encoder.encode(Document(files: result.files, errors: result.diagnostics))
                Terminal.print(String(decoding: FormatVersionFirst.moved(in: Array(document)), as: UTF8.self))
            } else {
                for diagnostic in result.diagnostics { Terminal.say(diagnostic.description) }
                if result.diagnostics.isEmpty { Terminal.say("\(result.files.count) \(result.files.count == 1 ? "file" : "files") valid") }
            }
            return result.diagnostics.isEmpty ? 0 : PipelineError.Code.document.exitStatus
        }
    }
}
