import ArgumentParser
import Pipeline

struct CatalogRebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Shows, and with --yes writes, a lost catalog again, from the store and the manifest.",
        discussion: "Nothing is encoded. Of several versions the planned one becomes current, else the newest.")

    @Argument(help: "The manifest, which names the catalog, the store and the titles.") var manifest: String
    @Option(help: "The work folder (default: .reelmill beside the manifest).") var work: String?
    @Flag(help: "Replace what a catalog says already of the manifest's titles.") var overwrite = false
    @Flag(help: "Write it.") var yes = false

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let rebuild = try CatalogRebuild(manifest: manifest, work: work, overwrites: overwrite)
            for line in rebuild.lines { Terminal.print(line) }
            for note in rebuild.notes { Terminal.say("note: \(note)") }
            guard yes else {
                Terminal.say("nothing was written; --yes lists these titles")
                return 0
            }
            let written = try rebuild.write()
            for fault in written.faults { Terminal.say("error: \(fault)") }
            Terminal.say("listed \(written.titles) \(written.titles == 1 ? "title" : "titles")")
            return written.faults.isEmpty ? 0 : PipelineError.Code.title.exitStatus
        }
    }
}
