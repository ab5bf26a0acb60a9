import ArgumentParser
import Pipeline

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of a format, for editors and for programs that read events.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case manifest, preset, events }

    @Argument(help: "manifest, preset or events.") var format: Format

    func run() throws {
        switch format {
        case .manifest: Terminal.print(Versions.manifestSchema)
        case .preset: Terminal.print(Versions.presetSchema)
        case .events: Terminal.print(EventSchema.json)
        }
    }
}
