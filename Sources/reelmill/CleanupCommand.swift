import ArgumentParser
import Foundation
import Pipeline

struct CleanupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Shows, and with --yes removes, superseded and half published versions, abandoned uploads and unused results.")

    @Argument(help: "The manifest, whose keep, keep_days and keep_work say what stays.") var manifest: String
    @Option(help: "The work folder (default: .reelmill beside the manifest).") var work: String?
    @Flag(help: "Remove without asking.") var yes = false

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let cleanup = try Cleanup(manifest: manifest, work: work)
            for item in cleanup.items { Terminal.print(item.description) }
            guard yes || isAgreed(cleanup.items.count) else {
                Terminal.say("nothing was removed; --yes removes without asking")
                return 0
            }
            for item in cleanup.items { try cleanup.remove(item) }
            let work = try cleanup.cleanWork()
            Terminal.say("removed \(cleanup.items.count) from the store, \(work.results) unused results (\(ByteCount.text(work.bytes)))")
            return 0
        }
    }

    /// A person at a terminal is asked; nobody else can answer.
    private func isAgreed(_ count: Int) -> Bool {
        guard Terminal.isInteractive else { return false }
        Terminal.write("remove \(count) from the store, and unused results? [y/N] ")
        return readLine()?.lowercased().hasPrefix("y") == true
    }
}
