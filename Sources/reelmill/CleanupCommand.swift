import ArgumentParser
import Foundation
import Glibc
import MediaModel
import Pipeline

struct CleanupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Shows, and with --yes removes, superseded and half published versions, abandoned uploads and unused results.")

    @Argument(help: "The manifest, whose keep, keep_days and keep_work say what stays.") var manifest: String
    @Option(help: "The work folder (default: .reelmill beside the manifest).") var work: String?
    @Flag(help: "Also titles that this manifest does not name: the catalog's; what it says of keep and keep_days counts for them.")
    var allTitles = false
    @Flag(help: "Remove without asking.") var yes = false

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let cleanup = try Cleanup(manifest: manifest, work: work, takesAllTitles: allTitles)
            for item in cleanup.items { Terminal.print(item.description) }
            for note in cleanup.notes { Terminal.say("note: \(note)") }
            var items = cleanup.items
            if !yes {
                // A question that nobody answers must not keep the night's run out.
                cleanup.letRunsIn()
                guard isAgreed(items.count) else {
                    guard !StopSignal.isRaised else { return PipelineError.Code.interrupted.exitStatus }
                    Terminal.say("nothing was removed; --yes removes without asking")
                    return 0
                }
                items = try cleanup.lookAgain()
            }
            let removed = try cleanup.remove(items)
            let work = try cleanup.cleanWork()
            Terminal.say("removed \(removed) from the store, \(work.results) unused results (\(ByteCount.text(work.bytes)))")
            return 0
        }
    }

    /// A person at a terminal is asked; nobody else can answer.
    private func isAgreed(_ count: Int) -> Bool {
        guard Terminal.isInteractive else { return false }
        Terminal.write("remove \(count) from the store, and unused results? [y/N] ")
        // A signal does not end `readLine`: whoever wants to stop need not answer first.
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while !StopSignal.isRaised, unsafe poll(&input, 1, 200) < 1 {}
        return !StopSignal.isRaised && readLine()?.lowercased().hasPrefix("y") == true
    }
}
