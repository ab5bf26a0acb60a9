import ArgumentParser
import Pipeline

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of a format, for editors.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case manifest, preset }

    @Argument(help: "manifest or preset.") var format: Format

    func run() throws {
        Terminal.print(format == .manifest ? Versions.manifestSchema : Versions.presetSchema)
    }
}
